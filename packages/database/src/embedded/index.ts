export { type EmbeddedOptions, type EmbeddedServer, startEmbeddedServer } from './server';

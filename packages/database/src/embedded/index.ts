export { runningServerUrl } from './running';
export { type EmbeddedOptions, type EmbeddedServer, startEmbeddedServer } from './server';

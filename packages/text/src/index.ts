export { textKey } from './text-key';

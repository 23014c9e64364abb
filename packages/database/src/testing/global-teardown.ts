/** What jest does once after all tests. */
export { tearDown as default } from './global-setup';

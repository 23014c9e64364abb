export { errorReply, sendReply } from './reply';
export { requestIdOf } from './request-id';
export type { HttpReply, HttpRequest, Method, Route } from './route';
export { createHttpServer, type HttpServer, type HttpServerOptions } from './server';

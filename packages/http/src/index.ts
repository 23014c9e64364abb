export { corsHeaders, preflightHeaders } from './cors';
export type { GraphQLParameters } from './graphql/parameters';
export { type ErrorScope, publicCode, publicError } from './graphql/public-errors';
export { type GraphQLAnswer, type GraphQLEndpoint, graphqlRoutes, MethodNotAllowed } from './graphql/route';
export { SchemaAnswers } from './graphql/schema-answers';
export { errorReply, sendReply } from './reply';
export { requestIdOf } from './request-id';
export type { HttpReply, HttpRequest, Method, Route } from './route';
export { createHttpServer, type HttpServer, type HttpServerOptions } from './server';

/**
 * The errors of a subgraph as errors of the whole answer: the path a subgraph gives begins at its own root, or
 * at the list of entities it was asked for, and has to be moved to where that stands for the client.
 */
import type { ResponsePath } from '@apollo/query-planner';
import { GraphQLError } from 'graphql';
import { pathsOfObjects } from './paths';
import type { ResultObject } from './subgraph';

/** The errors of a fetch of root fields, or of fields below the single object at `path`. */
export function fieldErrors(
  errors: readonly GraphQLError[],
  service: string,
  path: ResponsePath,
): GraphQLError[] {
  return errors.map((error) => moved(error, service, error.path && [...path, ...error.path]));
}

/**
 * The errors of a fetch of entities. `asked` says which of the objects at `path` each representation stood for:
 * `['_entities', 2, 'name']` is the name of the object `asked[2]`.
 */
export function entityErrors(
  errors: readonly GraphQLError[],
  service: string,
  data: ResultObject,
  path: ResponsePath,
  asked: readonly number[],
): GraphQLError[] {
  let paths: ResponsePath[] | undefined;
  return errors.map((error) => {
    const position = error.path?.[1];
    // The fetch failed as a whole: the nearest place that all its objects share.
    if (typeof position !== 'number') return moved(error, service, error.path && beforeLists(path));
    paths ??= pathsOfObjects(data, path);
    const object = asked[position];
    const start = object === undefined ? [] : (paths[object] ?? []);
    return moved(error, service, [...start, ...(error.path ?? []).slice(2)]);
  });
}

function moved(error: GraphQLError, service: string, path: ResponsePath | undefined): GraphQLError {
  return new GraphQLError(error.message || `Error while fetching subquery from service "${service}"`, {
    originalError: error,
    path,
    extensions: {
      ...error.extensions,
      serviceName: service,
      code: error.extensions?.code || 'DOWNSTREAM_SERVICE_ERROR',
    },
  });
}

function beforeLists(path: ResponsePath): ResponsePath {
  const list = path.indexOf('@');
  return list < 0 ? path : path.slice(0, list);
}

import type { IncomingHttpHeaders } from 'node:http';
import { createHttpServer, graphqlRoutes, type HttpServer, SchemaAnswers } from '@iroko/http';
import { readSettings } from '@iroko/settings';
import { silentLogger } from '@iroko/telemetry';
import { ANONYMOUS } from '@iroko/viewer';
import { federationOf, type SubgraphDefinition, subgraphSchema } from '../testing/federation';
import { placesFederation } from '../testing/places-federation';
import { createGateway, type Gateway } from './index';

describe('subgraphs that run apart', () => {
  const seen: IncomingHttpHeaders[] = [];
  const servers: HttpServer[] = [];
  let apart: Gateway;
  let inProcess: Gateway;

  const serve = async (definition: SubgraphDefinition) => {
    const answers = new SchemaAnswers(subgraphSchema(definition));
    const routes = graphqlRoutes({
      path: '/graphql',
      description: 'A subgraph.',
      bodyLimitBytes: 1_000_000,
      corsOrigins: [],
      answer: (parameters, request, { queriesOnly }) => {
        seen.push(request.headers);
        return answers.answer(parameters, request, { contextValue: {}, queriesOnly });
      },
    });
    const server = createHttpServer({ routes, viewerOf: async () => ANONYMOUS, log: silentLogger });
    servers.push(server);
    return { name: definition.name, url: `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}/graphql` };
  };

  beforeAll(async () => {
    const { supergraphSdl, subgraphs } = federationOf(placesFederation);
    const common = {
      supergraphSdl,
      settings: readSettings({}),
      log: silentLogger,
      context: async () => ({ requestId: 'unused', authorization: undefined }),
    };
    inProcess = await createGateway({ ...common, subgraphs });
    apart = await createGateway({ ...common, subgraphs: await Promise.all(placesFederation.map(serve)) });
  });
  afterAll(async () => {
    await Promise.all([apart.stop(), inProcess.stop(), ...servers.map((server) => server.close(0))]);
  });

  const context = { requestId: 'request-1', authorization: 'Bearer ada' };

  it.each([
    '{ places(first: 9) { name residents { fullName } parent { label } } }',
    '{ things { __typename ... on Person { email } ... on Place { broken } } }',
    '{ media { title views } }',
    '{ places { brokenHard } }',
    'mutation { rename(id: "p1", name: "New") { name reportCount } }',
  ])('answer as in one process: %s', async (query) => {
    for (let time = 0; time < 2; time++) {
      expect(await apart.execute({ query }, context)).toEqual(await inProcess.execute({ query }, context));
    }
  });

  it('are told who asks and which request it is, and no more', async () => {
    seen.length = 0;
    await apart.execute({ query: '{ places { id } }' }, { ...context, client: 'user ada' });
    const ofTransport = ['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding'];
    const ofProtocol = ['accept', 'content-type', 'accept-language', 'sec-fetch-mode', 'user-agent'];
    const names = Object.keys(seen[0] ?? {}).filter(
      (name) => ![...ofTransport, ...ofProtocol].includes(name),
    );
    expect(names.sort()).toEqual(['authorization', 'x-request-id']);
    expect(seen[0]).toMatchObject({ authorization: 'Bearer ada', 'x-request-id': 'request-1' });
  });
});

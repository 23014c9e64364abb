import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOSTED_NAMES } from '../subgraphs';

const containers = join(__dirname, '../../../containers');
const compose = readFileSync(join(containers, 'compose.yaml'), 'utf8');
const commands = [...compose.matchAll(/^ {4}command: (apart\/.*)$/gm)].map(([, command]) => command);

describe('the compose file', () => {
  it('runs the gateway, the workers and each subgraph, and nothing that there is not', () => {
    expect(commands.sort()).toEqual(
      ['apart/gateway', 'apart/workers', ...HOSTED_NAMES.map((name) => `apart/subgraph ${name}`)].sort(),
    );
    for (const command of commands) {
      expect(existsSync(join(__dirname, '..', `${command?.split(' ')[0]}.ts`))).toBe(true);
    }
  });

  it('names each subgraph as the supergraph and the gateway look for it', () => {
    const supergraph = readFileSync(join(__dirname, '../../../../gateway/supergraph.graphql'), 'utf8');
    for (const name of HOSTED_NAMES) {
      expect(compose).toMatch(new RegExp(`^ {2}${name}:$`, 'm'));
      expect(supergraph).toContain(`url: "http://${name}:4001/graphql"`);
    }
    expect(readFileSync(join(containers, 'Dockerfile'), 'utf8')).toContain('PORT=4001');
  });
});

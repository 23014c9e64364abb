/** `docs/errors.md`: every code a program can meet. */
import { ERRORS } from '@iroko/errors';
import { type Page, table } from './page';

const INTRODUCTION = `# Errors

<!-- Printed from packages/errors/src/codes.ts by \`npm run pages\`. -->

What refuses a whole request is a GraphQL error:

\`\`\`json
{
  "errors": [
    {
      "message": "There is no DataSource with the id \\"x\\".",
      "path": ["dataSource"],
      "extensions": { "code": "NOT_FOUND", "details": { "type": "DataSource", "id": "x" } }
    }
  ]
}
\`\`\`

Act on \`extensions.code\` and \`extensions.details\`; \`message\` is English and for a person, and its words may change.
A code keeps its meaning for ever. What differs per item of a batch is data, not an error:
\`outcomes { ok code path message }\`, with the same codes. Routes outside GraphQL answer the HTTP status of the table.
`;

export const errorsPage: Page = {
  file: 'errors.md',
  render: () => {
    const rows = Object.entries(ERRORS).map(([code, { status, meaning, advice }]) => [
      `\`${code}\``,
      String(status),
      meaning,
      advice,
    ]);
    const details = Object.entries(ERRORS).map(([code, error]) => {
      const [shape, words] = error.details.split(/(?<=\}): /);
      return `- \`${code}\`: \`${shape}\`${words ? `, ${words}` : ''}`;
    });
    return `${INTRODUCTION}
${table(['code', 'HTTP', 'when', 'what to do'], rows)}

## The shape of \`details\`

${details.join('\n')}
`;
  },
};

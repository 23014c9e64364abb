/**
 * What is checked on the bare text, before a parser that calls itself for every level sees it: how many tokens
 * it has and how deep its brackets go. 5,000 tokens of `[` would end in a stack overflow.
 */
import { limitExceeded } from '@iroko/errors';
import { GraphQLError, Lexer, Source, TokenKind } from 'graphql';

/** Brackets of arguments, lists and input objects come on top of the selections. */
const NESTING_PER_DEPTH = 4;

export interface SyntaxLimits {
  readonly queryTokenLimit: number;
  readonly queryDepthLimit: number;
}

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** Throws LIMIT_EXCEEDED. What is no GraphQL at all is left for the parser to say. */
export function checkSyntaxLimits(text: string, limits: SyntaxLimits): void {
  const lexer = new Lexer(new Source(text));
  const nestingMax = limits.queryDepthLimit * NESTING_PER_DEPTH;
  let tokens = 0;
  let nesting = 0;
  for (;;) {
    const kind = nextKind(lexer);
    if (kind === TokenKind.EOF) return;
    tokens += 1;
    if (OPENING.has(kind)) nesting += 1;
    else if (CLOSING.has(kind)) nesting -= 1;
    if (tokens > limits.queryTokenLimit) throw tooManyTokens(limits.queryTokenLimit);
    if (nesting > nestingMax) throw tooNested(nestingMax, limits.queryDepthLimit);
  }
}

function nextKind(lexer: Lexer): TokenKind {
  try {
    return lexer.advance().kind;
  } catch (error) {
    if (error instanceof GraphQLError) return TokenKind.EOF;
    throw error;
  }
}

function tooManyTokens(maximum: number): Error {
  return limitExceeded(
    `The document has more than ${maximum} tokens, the limit set by QUERY_TOKEN_LIMIT.`,
    'QUERY_TOKEN_LIMIT',
    maximum,
  );
}

function tooNested(nestingMax: number, depth: number): Error {
  return limitExceeded(
    `The document nests brackets deeper than ${nestingMax}, which follows from QUERY_DEPTH_LIMIT (${depth}).`,
    'QUERY_DEPTH_LIMIT',
    depth,
  );
}

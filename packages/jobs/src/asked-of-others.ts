/**
 * Jobs that one subgraph asks another for: their name and input, which both sides read. What is done stands with the
 * subgraph that does it.
 */
import { z } from 'zod';
import type { JobDefinition } from './definition';

/** What asking for a job needs of its definition. */
export type AskedJob<Input> = Pick<
  JobDefinition<Input, unknown, unknown>,
  'name' | 'input' | 'oneAtATimeBy' | 'retries'
>;

/** Makes a data source with its first draft. Done by georegistry; asked by identity when an account is set up. */
export const setUpSource = {
  name: 'georegistry.setUpSource',
  input: z.object({ name: z.string().min(1).max(200) }),
} satisfies AskedJob<{ name: string }>;

/**
 * What a deed stands on: the records of the account that acts, and what it takes to prepare more of them.
 */
import { type Identity, readMailbox } from '@iroko/identity';
import { runJobsUntilIdle } from '@iroko/jobs';
import { type SeededMember, seedMember } from '@iroko/testing';
import type { SeededRecords } from '../seeds';
import { type SeedKit, seedKit } from '../seeds/kit';
import { SEEDED_JOB } from '../seeds/platform';
import type { Stage } from '../stage';

/** Whole arguments by name. */
export type Given = Readonly<Record<string, unknown>>;

/** Prepares what a mutation needs to have an effect, and answers the arguments that have it. */
export type Deed = (ground: Ground) => Given | Promise<Given>;

export interface Ground extends SeedKit {
  /** The id of the seeded record of a type. */
  id(type: string): string;
  /** One more member, whom nothing has changed yet. */
  member(): Promise<SeededMember>;
  /** The mutation as the administrator. Answers its field. */
  mutate<Answer = { id: string; revision: number }>(
    subgraph: string,
    field: string,
    declared: string,
    variables: Given,
    selection?: string,
  ): Promise<Answer>;
  runJobs(): Promise<void>;
  /** Answers what somebody asked without proof, which is never done while they wait. */
  answerDue(): Promise<void>;
  /** The token of the newest link that was mailed to an address. */
  tokenMailedTo(email: string): Promise<string>;
}

export function groundOf(stage: Stage, { account, ids }: SeededRecords): Ground {
  const kit = seedKit(stage, account);
  const { platform, viewers } = stage.services;
  const jobs = stage.subgraphs.flatMap((subgraph) => subgraph.jobs ?? []);
  const runJobs = () =>
    runJobsUntilIdle({
      database: platform,
      viewers,
      jobs: jobs.filter(({ definition }) => definition.name !== SEEDED_JOB),
    });
  return {
    ...kit,
    id: (type) => {
      const id = ids.get(type);
      if (!id) throw new Error(`No ${type} is seeded.`);
      return id;
    },
    member: () => seedMember(platform, account.accountId),
    mutate: (subgraph, field, declared, variables, selection = '{ id revision }') =>
      mutated(kit, subgraph, field, declared, variables, selection),
    runJobs: async () => {
      await runJobs();
    },
    async answerDue() {
      const identity = stage.subgraphs.find(({ name }) => name === 'identity') as Identity | undefined;
      await identity?.unproven.answerDue();
    },
    async tokenMailedTo(email) {
      await runJobs();
      const [mail] = await readMailbox(platform, { to: email, limit: 1 });
      const token = /#[a-z]+=(irokol_[A-Za-z0-9_-]{43})&lang=/.exec(mail?.text ?? '')?.[1];
      if (!token) throw new Error(`No link was mailed to ${email}.`);
      return token;
    },
  };
}

/** `declared` are the types of the variables, such as `$id: ID!`. */
async function mutated<Answer>(
  { run }: SeedKit,
  subgraph: string,
  field: string,
  declared: string,
  variables: Given,
  selection: string,
): Promise<Answer> {
  const names = Object.keys(variables).map((name) => `${name}: $${name}`);
  const query = `mutation (${declared}) { ${field}(${names.join(', ')}) ${selection} }`;
  const data = await run<Record<string, Answer>>(subgraph, query, { ...variables });
  return data[field] as Answer;
}

/** Match runs as tests ask for them: two lists of places, a run to its end, what it wrote. */
import { Readable } from 'node:stream';
import { type JobRecord, jobsById, runJobsUntilIdle } from '@iroko/jobs';
import { everybody } from './import-services';
import type { Data, TestRegistry } from './registry';
import type { Story } from './story';

export interface Listed {
  name: string;
  code?: string;
  reference?: string;
  /** Longitude and latitude. */
  at?: [number, number];
}

const START = `mutation ($input: StartMatchRunInput!) { startMatchRun(input: $input) { id job { id } } }`;
const RUN = `query ($id: ID!) { matchRun(id: $id) { id method finishedAt acceptFrom reviewFrom createdBy { id }
  leftSource { id } rightVersion { id }
  report { leftUnits rightUnits accepted proposed belowReview decidedBefore withdrawn refused outcomesFileId } } }`;
const LINKS = `query ($filter: LinkFilter) { links(filter: $filter, first: 1000) { nodes {
  id status score origin revision decidedBy { id } matchRun { id } features { feature contribution }
  firstUnitId secondUnitId first { name reference } second { name reference } } } }`;

export class MatchGround {
  constructor(
    readonly registry: TestRegistry,
    readonly story: Story,
  ) {}

  /** A source whose draft has these units; answers ids of source, draft and units. */
  async list(units: readonly Listed[]): Promise<{ id: string; versionId: string; units: string[] }> {
    const { id, draft } = await this.story.source();
    const ids: string[] = [];
    for (const { at, ...unit } of units) {
      const location = at && { longitude: at[0], latitude: at[1] };
      ids.push((await this.story.unit(id, { ...unit, location })).unitId);
    }
    return { id, versionId: draft.id, units: ids };
  }

  /** Runs what is queued until nothing is. */
  async work(): Promise<void> {
    const { database, subgraph } = this.registry;
    await runJobsUntilIdle({ database, viewers: everybody, jobs: subgraph.jobs });
  }

  async job(id: string): Promise<JobRecord> {
    const [job] = await jobsById(this.registry.db, [id]);
    if (!job) throw new Error(`There is no job ${id}.`);
    return job;
  }

  /** Starts the run, runs it, and answers it as it stands then, with its job. */
  async run(left: { versionId: string }, right: { versionId: string }, input: object = {}): Promise<Data> {
    const variables = {
      input: { left: { versionId: left.versionId }, right: { versionId: right.versionId }, ...input },
    };
    const { startMatchRun } = await this.registry.data(START, variables);
    await this.work();
    const { matchRun } = await this.registry.data(RUN, { id: startMatchRun.id });
    return { ...matchRun, job: await this.job(startMatchRun.job.id) };
  }

  async links(filter: object): Promise<Data[]> {
    return (await this.registry.data(LINKS, { filter })).links.nodes;
  }

  /** Stores the text as a file of the account. */
  async upload(text: string, name = 'links.csv'): Promise<string> {
    const file = await this.registry.files.store(this.registry.db, Readable.from([Buffer.from(text)]), {
      name,
    });
    return file.id;
  }

  async text(fileId: string): Promise<string> {
    const { stream } = await this.registry.files.open(this.registry.db, fileId);
    return Buffer.concat(await stream.toArray()).toString();
  }
}

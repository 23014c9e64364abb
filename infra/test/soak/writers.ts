/**
 * Fifty writers who write through the API, as everybody does: each changes the description of a project of its own, in
 * its own order, and now and then asks for a name that is taken, which is undone. A writer whose answer was lost does not
 * know what became of its change; the project itself says so, since it counts its changes.
 */
import { randomUUID } from 'node:crypto';
import { ApiClient, Refusal } from '../../src/client/api-client';
import { pause, seeded } from './seeded';

const WRITERS = 50;
/** Further than this the readers are not left behind: what they have not seen at the end must be seen in time. */
const BEHIND_MAX = 400;

export const SUBJECT_TYPE = 'Project';
const TAKEN = 'A name that is taken';

const CREATE = 'mutation ($input: CreateProjectInput!) { createProject(input: $input) { id revision } }';
const UPDATE = 'mutation ($input: UpdateProjectInput!) { updateProject(input: $input) { revision } }';
const READ = 'query ($id: ID!) { project(id: $id) { revision description } }';

/** What a writer knows of its project at the end. */
export interface Written {
  readonly id: string;
  /** Descriptions whose writing was answered, in their order. */
  readonly answered: string[];
  /** Descriptions that were asked for together with a name that is taken. */
  readonly refused: string[];
  /** The project as it is at the end. */
  revision: number;
  description: string;
}

export class Writers {
  readonly written: Written[] = [];
  attempts = 0;
  lost = 0;
  private committed = 0;
  private writing = true;
  private all: Promise<unknown> = Promise.resolve();
  private readonly client: ApiClient;

  constructor(
    url: string,
    token: string,
    private readonly seed: string,
    private readonly slowestSeen: () => number,
  ) {
    this.client = new ApiClient(url, token);
  }

  get undone(): number {
    return this.written.reduce((sum, { refused }) => sum + refused.length, 0);
  }

  /** Before anything is killed. */
  async prepare(): Promise<void> {
    await this.client.graphql(CREATE, { input: { name: TAKEN } });
    for (let index = 0; index < WRITERS; index++) {
      const input = { name: `Project ${index}` };
      const { createProject } = await this.client.graphql<{ createProject: { id: string } }>(CREATE, {
        input,
      });
      const { id } = createProject;
      this.written.push({ id, answered: [], refused: [], revision: 1, description: '' });
    }
  }

  begin(): void {
    this.all = Promise.all(
      this.written.map((own, index) => this.write(own, seeded(`${this.seed} writer ${index}`))),
    );
  }

  /** Resolves when each knows its project as it is. */
  async end(): Promise<void> {
    this.writing = false;
    await this.all;
  }

  private async write(own: Written, random: () => number): Promise<void> {
    while (this.writing) {
      await pause(random() * 3000);
      const undo = random() < 0.15;
      if (!this.writing || this.committed - this.slowestSeen() > BEHIND_MAX) continue;
      this.attempts++;
      try {
        await this.once(own, `Description ${randomUUID()}`, undo);
      } catch {
        this.lost++;
        await this.known(own);
      }
    }
    await this.known(own);
  }

  private async once(own: Written, description: string, undo: boolean): Promise<void> {
    const input = { id: own.id, expectedRevision: own.revision, description, ...(undo && { name: TAKEN }) };
    try {
      const { updateProject } = await this.client.graphql<{ updateProject: { revision: number } }>(UPDATE, {
        input,
      });
      own.revision = updateProject.revision;
      own.answered.push(description);
      this.committed++;
    } catch (error) {
      // A lost answer may have been a yes: then the revision is no longer ours, which says nothing of this one.
      if (!undo || !(error instanceof Refusal) || error.code !== 'CONFLICT') throw error;
      own.refused.push(description);
      if (!('fields' in error.details)) await this.known(own);
    }
  }

  /** Asks until somebody answers. */
  private async known(own: Written): Promise<void> {
    for (;;) {
      try {
        const { project } = await this.client.graphql<{
          project: { revision: number; description: string };
        }>(READ, { id: own.id });
        Object.assign(own, project);
        return;
      } catch {
        // Whatever is being killed comes back.
        await pause(300);
      }
    }
  }
}

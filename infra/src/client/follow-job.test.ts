import { type ApiClient, Unreachable } from './api-client';
import { followJob, JobLost } from './follow-job';

const job = { id: 'j', name: 'import', progress: null, result: null, error: null };

/** Answers one after the other; an error is thrown, the last one for ever. */
function clientThat(...answers: (object | Error)[]): ApiClient {
  const graphql = async () => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return { job: answer };
  };
  return { graphql } as unknown as ApiClient;
}

describe('following a job', () => {
  it('goes through a restart of Iroko', async () => {
    const away = new Unreachable('cannot be reached');
    const client = clientThat({ ...job, status: 'RUNNING' }, away, away, { ...job, status: 'SUCCEEDED' });
    expect((await followJob(client, 'j')).status).toBe('SUCCEEDED');
  });

  it('says that nobody knows when Iroko stays away', async () => {
    const lost = followJob(clientThat(new Unreachable('cannot be reached')), 'j', undefined, 0);
    await expect(lost).rejects.toThrow(JobLost);
    await expect(lost).rejects.toMatchObject({ jobId: 'j' });
  });

  it('ends at once when the API refuses', async () => {
    await expect(followJob(clientThat(new Error('FORBIDDEN')), 'j')).rejects.toThrow('FORBIDDEN');
  });
});

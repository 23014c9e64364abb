/** The workers in a process of their own: a sealer of the log, and the jobs of all subgraphs. */
import { Sealer } from '@iroko/changes';
import { JobWorker } from '@iroko/jobs';
import { createSubgraphs } from '../subgraphs';
import { runApart } from './apart-process';

const JOBS_GRACE_MS = 10_000;

export async function main(): Promise<void> {
  await runApart('workers', async ({ settings, log, services, opened }) => {
    const sealer = new Sealer(services.platform, log);
    opened.add(() => sealer.stop());
    await sealer.start();
    const worker = new JobWorker({
      database: services.platform,
      viewers: services.viewers,
      jobs: createSubgraphs(services).flatMap((subgraph) => subgraph.jobs ?? []),
      log,
      redisUrl: settings.redisUrl,
      concurrency: settings.jobConcurrency,
    });
    opened.add(() => worker.stop(JOBS_GRACE_MS));
    await worker.start();
    return { routes: [], checks: [{ name: 'queue', check: () => worker.check() }] };
  });
}

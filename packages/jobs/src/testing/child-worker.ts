/**
 * A worker in a process of its own, to be killed: its job says that it has begun and never ends by itself.
 * Arguments: address of the database, address of Redis or nothing, prefix of the queue.
 */
import { Database } from '@iroko/database';
import { silentLogger } from '@iroko/telemetry';
import { z } from 'zod';
import { bindJobs, defineJob } from '../definition';
import { JobWorker } from '../worker';
import { everybody, write } from './viewers';

const [url = '', redisUrl = '', prefix = ''] = process.argv.slice(2);

const stuck = defineJob({
  name: 'test.mortal',
  input: z.object({}),
  handler: async (job) => {
    await job.commit(async (tx) => {
      await write(tx, 'of the dead');
      await job.log('INFO', 'begun in a process that will be killed');
      await new Promise(() => undefined);
    });
  },
});

const worker = new JobWorker({
  database: new Database({ url, name: 'child', maxConnections: 4 }),
  viewers: everybody,
  jobs: bindJobs({}, [stuck]),
  log: silentLogger,
  redisUrl: redisUrl || undefined,
  prefix,
  concurrency: 1,
  leaseMs: 1000,
});

void worker.start();

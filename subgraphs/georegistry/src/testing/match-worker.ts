/** A worker for match runs in a process of its own, to be killed. Arguments: address of the database, prefix of the queue. */
import { Database } from '@iroko/database';
import { bindJobs, JobWorker } from '@iroko/jobs';
import { silentLogger } from '@iroko/telemetry';
import { matchUnits } from '../matching/match-job';
import { everybody } from './import-services';

const [url = '', prefix = ''] = process.argv.slice(2);

const worker = new JobWorker({
  database: new Database({ url, name: 'child', maxConnections: 4 }),
  viewers: everybody,
  jobs: bindJobs({}, [matchUnits]),
  log: silentLogger,
  prefix,
  concurrency: 1,
  leaseMs: 1000,
});

void worker.start();

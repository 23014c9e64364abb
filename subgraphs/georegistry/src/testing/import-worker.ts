/**
 * A worker for imports in a process of its own, to be killed. Arguments: address of the database, folder of the files,
 * prefix of the queue.
 */
import { Database } from '@iroko/database';
import { bindJobs, JobWorker } from '@iroko/jobs';
import { silentLogger } from '@iroko/telemetry';
import { importOrgUnits } from '../imports/import-job';
import { everybody, filesIn } from './import-services';

const [url = '', folder = '', prefix = ''] = process.argv.slice(2);

const worker = new JobWorker({
  database: new Database({ url, name: 'child', maxConnections: 4 }),
  viewers: everybody,
  jobs: bindJobs({ files: filesIn(folder) }, [importOrgUnits]),
  log: silentLogger,
  prefix,
  concurrency: 1,
  leaseMs: 1000,
});

void worker.start();

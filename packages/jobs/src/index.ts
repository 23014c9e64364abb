export { type AskedJob, setUpSource } from './asked-of-others';
export {
  type BoundJob,
  bindJobs,
  defineJob,
  type JobDefinition,
  type JobLogLevel,
  type JobSchedule,
  type RunningJob,
} from './definition';
export { type DrainOptions, runJobsUntilIdle } from './drain';
export { type EnqueueOptions, enqueue } from './enqueue';
export {
  countJobs,
  type JobFilter,
  type JobLogRecord,
  type JobRecord,
  type JobStatus,
  jobLogPage,
  jobsById,
  jobsPage,
} from './job-record.sql';
export { JobStopped } from './lease';
export { cancelJob, findJob, retryJob } from './manage';
export { JobReference } from './reference';
export { enqueueScheduled } from './relay';
export { JobWorker, type JobWorkerOptions } from './worker';

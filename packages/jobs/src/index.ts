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
export { JobStopped } from './lease';
export { JobReference } from './reference';
export { enqueueScheduled } from './relay';
export { JobWorker, type JobWorkerOptions } from './worker';

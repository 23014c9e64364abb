export {
  type BoundJob,
  bindJobs,
  defineJob,
  type JobDefinition,
  type JobLogLevel,
  type RunningJob,
} from './definition';
export { type EnqueueOptions, enqueue } from './enqueue';
export { JobReference } from './reference';

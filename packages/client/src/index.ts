export { BrokenOff } from './event-stream';
export { type Followed, type FollowOptions, followChanges, Refused } from './follow-changes';

export type { Change, ChangeAction, ChangeEvent, ChangeFields } from './change';
export { ChangeCursors } from './cursor';
export { erasePersonalValues, readChange, readChanges, readHistories } from './read-changes';
export { type ChangeFilter, type ChangeVisibility, logBounds, type SubjectPage } from './read-changes.sql';
export { recordChange, recordChanges } from './record-change';
export { Sealer, sealAll, sealBatch } from './sealer';
export { Personal, personal, Secret, secret } from './values';
export { type BrokenLink, type Verification, verifyAllChanges, verifyChanges } from './verify-changes';
export { SEALED_CHANNEL } from './wake';

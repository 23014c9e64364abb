export { archiveContent, closeArchive } from './archive';
export {
  accountsToArchive,
  archivesOfAccount,
  type ChangeArchive,
  lockArchive,
  spanToArchive,
} from './archive.sql';
export type { Change, ChangeAction, ChangeEvent, ChangeFields } from './change';
export { ChangeCursors } from './cursor';
export {
  claimPersonalValues,
  erasePersonalValues,
  readChange,
  readChanges,
  readHistories,
  readWholeChanges,
} from './read-changes';
export {
  type ChangeFilter,
  type ChangeVisibility,
  logStart,
  type SubjectCondition,
  type SubjectPage,
} from './read-changes.sql';
export { recordChange, recordChanges } from './record-change';
export { asRevert, editToRevert, type RevertedEdit, type RevertWords } from './revert';
export { Sealer, sealAll, sealBatch } from './sealer';
export { Personal, personal, Secret, secret } from './values';
export { type BrokenLink, type Verification, verifyAllChanges, verifyChanges } from './verify-changes';
export { SEALED_CHANNEL } from './wake';
export { ChangeWatch } from './watch';

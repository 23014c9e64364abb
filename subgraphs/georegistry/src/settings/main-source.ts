/**
 * The main source of an account, and of a project where it differs: the tree that phones, forms and datasets use. It
 * is kept here because sources are; a project is identity's, so it is known by its id alone.
 */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId } from '@iroko/database';
import { ApiError, notFound } from '@iroko/errors';
import { projectInScope, requireEveryUnit } from '@iroko/viewer';
import { lockSource } from '../versions/drafts';
import {
  knownProject,
  mainSourceOfAccount,
  mainSourceOfProject,
  removeMainSource,
  removeProjectMainSource,
  saveMainSource,
  saveProjectMainSource,
} from './main-source.sql';

/** The id of the source of the project, else of the account; null when none was chosen. Throws NOT_FOUND. */
export async function mainSourceId(db: AccountDatabase, project: string | null): Promise<string | null> {
  if (project !== null) {
    await requireProject(db, project);
    const own = await mainSourceOfProject(db, project);
    if (own) return own.sourceId;
  }
  return (await mainSourceOfAccount(db))?.sourceId ?? null;
}

/**
 * Chooses; a null source takes the choice away, so that a project follows its account again. Throws NOT_FOUND for the
 * source and the project, FORBIDDEN for a scope that is a part of what the choice concerns.
 */
export function setMainSource(
  db: AccountDatabase,
  sourceId: string | null,
  project: string | null,
): Promise<void> {
  requireEveryUnit(db.actor, 'The main source');
  if (project === null) requireEveryProject(db);
  return db.transaction(async (tx) => {
    if (project !== null) await requireProject(tx, project);
    if (sourceId !== null) await lockSource(tx, sourceId);
    const chosen = project === null ? await mainSourceOfAccount(tx) : await mainSourceOfProject(tx, project);
    const before = chosen?.sourceId ?? null;
    if (before === sourceId) return;
    await save(tx, sourceId, project);
    await recordChange(tx, {
      subjectType: 'RegistrySettings',
      subjectId: tx.account,
      ...(project === null ? {} : { projectId: project }),
      action: 'SET_MAIN_SOURCE',
      before: { projectId: project, mainSourceId: before },
      after: { projectId: project, mainSourceId: sourceId },
    });
  });
}

function save(tx: AccountTransaction, sourceId: string | null, project: string | null): Promise<number> {
  if (project === null) return sourceId === null ? removeMainSource(tx) : saveMainSource(tx, sourceId);
  if (sourceId === null) return removeProjectMainSource(tx, project);
  return saveProjectMainSource(tx, project, sourceId);
}

async function requireProject(db: AccountDatabase, id: string): Promise<void> {
  const isThere =
    isId(id) && projectInScope(db.actor.scope, id) && (await knownProject(db, id)) !== undefined;
  if (!isThere) throw notFound('Project', id);
}

function requireEveryProject({ actor }: AccountDatabase): void {
  if ((actor.scope?.projects ?? null) === null) return;
  throw new ApiError(
    'FORBIDDEN',
    'The main source of the account concerns every project, and your scope is some of them. Choose that of a project, or ask somebody without that limit.',
    { scope: 'PROJECTS' },
  );
}

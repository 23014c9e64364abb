/**
 * Projects made, changed, deleted and restored.
 */
import { asRevert, editToRevert, type RevertWords, recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId, isViolation, newId } from '@iroko/database';
import { ApiError, badInput, conflict, notFound } from '@iroko/errors';
import { textKey } from '@iroko/text';
import { checkedName } from '../accounts/account-form';
import { checkedFlags, type FlagOn } from './feature-flags';
import type { CreateProjectInput, UpdateProjectInput } from './project-type';
import {
  insertProject,
  type ProjectFields,
  type ProjectRow,
  projectForChange,
  projectsById,
  setDeleted,
  updateProjectRow,
  writeFlags,
} from './projects.sql';

const APP_ID = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$/;
const COLOUR = /^#[0-9a-f]{6}$/;
const DESCRIPTION_LENGTH_MAX = 2000;
/** What an int of the database holds; an app counts its versions far below. */
const VERSION_MAX = 2 ** 31 - 1;

type Fields = Omit<ProjectFields, 'nameKey'> & { featureFlags: FlagOn[] };

const NEW: Fields = {
  name: '',
  appId: null,
  colour: null,
  description: '',
  needsAuthentication: true,
  minVersion: null,
  featureFlags: [],
};

/** Throws BAD_USER_INPUT, CONFLICT for a taken name or appId, FORBIDDEN for somebody limited to projects. */
export function createProject(db: AccountDatabase, input: CreateProjectInput): Promise<ProjectRow> {
  refuseLimited(db);
  const after = changed(NEW, input);
  return refusingTaken(after, () =>
    db.transaction(async (tx) => {
      const id = newId();
      await insertProject(tx, id, { ...after, nameKey: textKey(after.name) });
      await writeFlags(tx, id, after.featureFlags);
      await record(tx, id, 'CREATE', null, after);
      return foundProject(tx, id);
    }),
  );
}

/** Throws what createProject throws, NOT_FOUND, and CONFLICT for another revision. */
export function updateProject(
  db: AccountDatabase,
  input: UpdateProjectInput,
  revert?: RevertWords,
): Promise<ProjectRow> {
  return db.transaction(async (tx) => {
    const project = await lockedProject(tx, input.id, input.expectedRevision);
    const before = fieldsOf(project);
    const after = changed(before, input);
    const names = (Object.keys(after) as (keyof Fields)[]).filter(
      (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
    );
    if (names.length === 0) return project;
    await refusingTaken(after, () =>
      updateProjectRow(tx, project.id, { ...after, nameKey: textKey(after.name) }),
    );
    await writeFlags(tx, project.id, after.featureFlags);
    const picked = (fields: Fields) => Object.fromEntries(names.map((name) => [name, fields[name]]));
    await record(tx, project.id, 'UPDATE', picked(before), picked(after), revert);
    return foundProject(tx, project.id);
  });
}

/**
 * Takes an edit back. Throws NOT_FOUND for an event of something else, BAD_USER_INPUT for what is no edit, CONFLICT with
 * the fields that were changed since, and what updateProject throws.
 */
export async function revertProjectChange(
  db: AccountDatabase,
  eventId: string,
  reason: string | null,
): Promise<ProjectRow> {
  const names = Object.keys(NEW) as (keyof Fields)[];
  const edit = await editToRevert(db, eventId, 'Project', names, reason);
  return db.transaction(async (tx) => {
    const now = await foundProject(tx, edit.subjectId);
    edit.requireUnchanged(fieldsOf(now));
    const fields = edit.fields as Partial<Fields>;
    return updateProject(tx, { ...fields, id: now.id, expectedRevision: now.revision }, edit.words);
  });
}

/** Throws NOT_FOUND, and CONFLICT for another revision. */
export function deleteProject(
  db: AccountDatabase,
  id: string,
  expectedRevision: number,
): Promise<ProjectRow> {
  return db.transaction(async (tx) => {
    const project = await lockedProject(tx, id, expectedRevision);
    await setDeleted(tx, id, true);
    await record(tx, id, 'DELETE', { name: project.name }, null);
    return { ...project, revision: project.revision + 1, deletedAt: new Date() };
  });
}

/** Within 30 days. Throws NOT_FOUND, and CONFLICT when its name or appId was taken meanwhile. */
export function restoreProject(db: AccountDatabase, id: string): Promise<ProjectRow> {
  return db.transaction(async (tx) => {
    const project = isId(id) ? await projectForChange(tx, id) : undefined;
    if (!project) throw notFound('Project', id);
    if (project.deletedAt === null) return project;
    await refusingTaken(project, () => setDeleted(tx, id, false));
    await record(tx, id, 'RESTORE', null, { name: project.name });
    return foundProject(tx, id);
  });
}

async function lockedProject(
  tx: AccountTransaction,
  id: string,
  expectedRevision: number,
): Promise<ProjectRow> {
  const project = isId(id) ? await projectForChange(tx, id) : undefined;
  if (!project || project.deletedAt !== null) throw notFound('Project', id);
  if (project.revision === expectedRevision) return project;
  throw conflict(`The project was changed meanwhile: it has the revision ${project.revision}.`, {
    expectedRevision,
    actualRevision: project.revision,
  });
}

async function foundProject(tx: AccountTransaction, id: string): Promise<ProjectRow> {
  const [project] = await projectsById(tx, [id]);
  if (!project) throw notFound('Project', id);
  return project;
}

/** A project that is made is in nobody's list of projects, so whoever is limited to some would not see it again. */
function refuseLimited(db: AccountDatabase): void {
  if ((db.actor.scope?.projects ?? null) === null) return;
  throw new ApiError('FORBIDDEN', 'Your scope is a list of projects, so you cannot make another one.', {
    scope: 'PROJECTS',
  });
}

const fieldsOf = ({
  name,
  appId,
  colour,
  description,
  needsAuthentication,
  minVersion,
  featureFlags,
}: ProjectRow): Fields => ({
  name,
  appId,
  colour,
  description,
  needsAuthentication,
  minVersion,
  featureFlags,
});

/** What is left out stays; null empties what may be empty. */
function changed(before: Fields, input: CreateProjectInput | UpdateProjectInput): Fields {
  const given = <Value>(value: Value | undefined, otherwise: Value): Value =>
    value === undefined ? otherwise : value;
  const needsAuthentication = input.needsAuthentication ?? before.needsAuthentication;
  return {
    name: input.name == null ? before.name : checkedName(input.name, ['input', 'name']),
    appId: checkedAppId(given(input.appId, before.appId)),
    colour: checkedColour(given(input.colour, before.colour)),
    description: checkedDescription(input.description ?? before.description),
    needsAuthentication,
    minVersion: checkedVersion(given(input.minVersion, before.minVersion)),
    // Checked again also when they stay: without authentication some are not allowed.
    featureFlags: checkedFlags(input.featureFlags ?? before.featureFlags, needsAuthentication, [
      'input',
      'featureFlags',
    ]),
  };
}

function checkedAppId(appId: string | null): string | null {
  if (appId === null || APP_ID.test(appId)) return appId;
  throw badInput(
    'An appId has 1 to 100 letters, digits, dots, hyphens and underscores, and begins and ends with a letter or digit.',
    { path: ['input', 'appId'] },
  );
}

function checkedColour(colour: string | null): string | null {
  const small = colour?.toLowerCase() ?? null;
  if (small === null || COLOUR.test(small)) return small;
  throw badInput('A colour is written as #rrggbb.', { path: ['input', 'colour'] });
}

function checkedDescription(description: string): string {
  if (description.length <= DESCRIPTION_LENGTH_MAX && !description.includes('\0')) return description;
  throw badInput(`A description has at most ${DESCRIPTION_LENGTH_MAX} characters, and no NUL among them.`, {
    path: ['input', 'description'],
  });
}

function checkedVersion(version: number | null): number | null {
  if (version === null || (version >= 0 && version <= VERSION_MAX)) return version;
  throw badInput('A version of an app is 0 or more.', { path: ['input', 'minVersion'] });
}

async function refusingTaken<Result>(
  { name, appId }: { name: string; appId: string | null },
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isViolation(error, 'project_name_key_key')) {
      throw conflict(`The account has a project ${JSON.stringify(name)} already.`, { fields: ['name'] });
    }
    if (isViolation(error, 'project_app_id_key')) {
      throw conflict(`The account has a project with the appId ${appId} already.`, { fields: ['appId'] });
    }
    throw error;
  }
}

function record(
  tx: AccountTransaction,
  id: string,
  action: string,
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  revert?: RevertWords,
): Promise<string> {
  const change = { subjectType: 'Project', subjectId: id, projectId: id, action, before, after };
  return recordChange(tx, asRevert(change, revert));
}

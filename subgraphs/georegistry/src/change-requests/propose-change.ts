/**
 * Proposing: a request holds what shall be, and the same fields as whoever proposed saw them. It touches no version, so
 * who proposes need not be allowed to edit.
 */
import { type Change, recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId, newId } from '@iroko/database';
import { badInput, conflict, notFound } from '@iroko/errors';
import { requireEveryUnit, type Viewer } from '@iroko/viewer';
import { groupsById } from '../groups/group.sql';
import { checkedName, checkedText } from '../name-rules';
import type { UnitFields } from '../org-units/edit-unit';
import { contentOf, type StateRow } from '../org-units/state';
import { pathsInVersion, statesInVersion } from '../org-units/state.sql';
import { unitSource } from '../org-units/unit.sql';
import { EMPTY_CONTENT, edited, type UnitContent, type UnitEdit } from '../org-units/unit-content';
import { storeShape } from '../shapes/store-shape';
import { currentVersionNumber, type SourceRow } from '../sources/source';
import { sourcesById } from '../sources/source.sql';
import { typesById } from '../types/type.sql';
import { seesDrafts } from '../versions/version';
import { CONTENT_OF, changedFields, contentOfFields } from './change-request';
import {
  type ChangeRequestRow,
  countBelow,
  insertRequests,
  type NewChangeRequest,
  requestAsWritten,
  requestsById,
} from './change-request.sql';

const COMMENT_LENGTH_MAX = 2000;

export interface Proposal {
  comment?: string | null | undefined;
}

export interface CreationProposal extends Proposal {
  dataSourceId: string;
  reference?: string | null | undefined;
  /** Instead of a parent: the request that makes it. */
  parentRequestId?: string | null | undefined;
}

type Proposer = { db: AccountDatabase; viewer: Viewer };

/** Proposes a new unit. Throws NOT_FOUND for the source or the request of the parent, and BAD_USER_INPUT. */
export async function proposeCreation(
  { db, viewer }: Proposer,
  creation: CreationProposal,
  fields: UnitFields & { name: string },
): Promise<ChangeRequestRow> {
  const source = await sourceOf(db, creation.dataSourceId);
  const number = versionToRead(source, viewer);
  return db.transaction(async (tx) => {
    const content = edited(EMPTY_CONTENT, await withShape(tx, fields));
    const parentRequest = await requestOfParent(tx, source, creation, content);
    if (content.parentId === null && !parentRequest) requireEveryUnit(tx.actor, 'A root of a tree');
    await checkNamed(tx, source.id, number, content);
    const given = [...changedFields(EMPTY_CONTENT, content), 'NAME' as const, 'PARENT' as const];
    return insertProposal(tx, {
      kind: 'CREATE',
      dataSourceId: source.id,
      unitId: null,
      placeUnitId: content.parentId ?? parentRequest?.placeUnitId ?? null,
      parentRequestId: parentRequest?.id ?? null,
      reference: creation.reference == null ? null : checkedName(creation.reference, ['reference']),
      proposed: contentOfFields(content, given),
      seen: {},
      comment: creation.comment,
    });
  });
}

/** Proposes other values for fields of a unit. Throws NOT_FOUND, and BAD_USER_INPUT, also when nothing would change. */
export async function proposeChange(
  proposer: Proposer,
  unitId: string,
  fields: UnitFields,
  { comment }: Proposal,
): Promise<ChangeRequestRow> {
  const { source, state, number } = await unitAsSeen(proposer, unitId);
  return proposer.db.transaction(async (tx) => {
    const before = contentOf(state);
    const after = edited(before, await withShape(tx, fields));
    const changed = changedFields(before, after);
    if (changed.length === 0) throw badInput('The unit is like that already.', { path: ['input'] });
    if (changed.includes('PARENT')) {
      if (after.parentId === null) requireEveryUnit(tx.actor, 'A root of a tree');
      if (after.parentId === unitId)
        throw badInput('A unit cannot be its own parent.', { path: ['parentId'] });
    }
    await checkNamed(tx, source.id, number, after);
    return insertProposal(tx, {
      kind: changed.length === 1 && changed[0] === 'PARENT' ? 'MOVE' : 'CHANGE',
      dataSourceId: source.id,
      unitId,
      placeUnitId: unitId,
      proposed: contentOfFields(after, changed),
      seen: contentOfFields(before, changed),
      comment,
    });
  });
}

/** Proposes that a unit, with what stands below it when asked, leaves the tree. Throws NOT_FOUND. */
export async function proposeRemoval(
  proposer: Proposer,
  unitId: string,
  withDescendants: boolean,
  { comment }: Proposal,
): Promise<ChangeRequestRow> {
  const { source, state, number } = await unitAsSeen(proposer, unitId);
  const [place] = await pathsInVersion(proposer.db, [unitId], number);
  const { count } = await countBelow(proposer.db, source.id, number, place?.path ?? Buffer.alloc(0));
  if (count > 1 && !withDescendants) {
    throw conflict(
      'The unit has children. Propose to remove them with it (withDescendants), or to move them.',
    );
  }
  return proposer.db.transaction((tx) =>
    insertProposal(tx, {
      kind: 'REMOVE',
      dataSourceId: source.id,
      unitId,
      placeUnitId: unitId,
      proposed: {},
      seen: contentOf(state),
      withDescendants,
      seenDescendants: withDescendants ? count : null,
      comment,
    }),
  );
}

type Inserted = Pick<
  NewChangeRequest,
  'kind' | 'dataSourceId' | 'unitId' | 'placeUnitId' | 'proposed' | 'seen'
> &
  Partial<Omit<NewChangeRequest, 'comment'>> & { comment: string | null | undefined };

/** Writes the request and its event. */
export async function insertProposal(
  tx: AccountTransaction,
  { comment, ...row }: Inserted,
): Promise<ChangeRequestRow> {
  const request: NewChangeRequest = {
    id: newId(),
    parentRequestId: null,
    reference: null,
    withDescendants: false,
    seenDescendants: null,
    mergePlanId: null,
    ...row,
    comment: checkedComment(comment ?? '', ['comment']),
  };
  await insertRequests(tx, [request]);
  await recordChange(tx, proposalEvent(request));
  return requestAsWritten(tx, request.id);
}

export const proposalEvent = (request: NewChangeRequest): Change => ({
  subjectType: 'ChangeRequest',
  subjectId: request.id,
  unitId: request.placeUnitId,
  action: 'CREATE',
  before: null,
  after: {
    kind: request.kind,
    unitId: request.unitId,
    dataSourceId: request.dataSourceId,
    proposed: request.proposed,
  },
  reason: request.comment || null,
});

export function checkedComment(text: string, path: string[]): string {
  const length = [...text].length;
  if (length > COMMENT_LENGTH_MAX) {
    throw badInput(`${path.at(-1)} has ${length} characters; at most ${COMMENT_LENGTH_MAX} are kept.`, {
      path,
    });
  }
  return text.length <= 255 ? checkedText(text, path) : text.trim().replaceAll('\0', '');
}

async function withShape(tx: AccountTransaction, { shape, ...rest }: UnitFields): Promise<UnitEdit> {
  if (shape === undefined) return rest;
  return { ...rest, shapeHash: shape === null ? null : await storeShape(tx, shape, ['shape']) };
}

async function sourceOf(db: AccountDatabase, id: string): Promise<SourceRow> {
  const [source] = isId(id) ? await sourcesById(db, [id]) : [];
  if (!source) throw notFound('DataSource', id);
  return source;
}

/** Whoever sees drafts proposes from what the next edit finds, others from what they read. */
function versionToRead(source: SourceRow, viewer: Viewer): number {
  const editing = source.draftVersionNumber ?? source.releasedVersionNumber;
  return (seesDrafts(viewer) ? editing : currentVersionNumber(source, false)) ?? 0;
}

async function unitAsSeen(
  { db, viewer }: Proposer,
  unitId: string,
): Promise<{ source: SourceRow; state: StateRow; number: number }> {
  const unit = isId(unitId) ? await unitSource(db, unitId) : undefined;
  if (!unit) throw notFound('OrgUnit', unitId);
  const source = await sourceOf(db, unit.dataSourceId);
  const number = versionToRead(source, viewer);
  const [state] = await statesInVersion(db, [unitId], source.id, number);
  if (!state) throw notFound('OrgUnit', unitId);
  return { source, state, number };
}

async function requestOfParent(
  tx: AccountTransaction,
  source: SourceRow,
  { parentRequestId }: CreationProposal,
  content: UnitContent,
): Promise<ChangeRequestRow | undefined> {
  if (parentRequestId == null) return undefined;
  const [request] = isId(parentRequestId) ? await requestsById(tx, [parentRequestId]) : [];
  if (!request) throw notFound('ChangeRequest', parentRequestId);
  if (content.parentId !== null || request.kind !== 'CREATE' || request.dataSourceId !== source.id) {
    throw badInput(
      'parentRequestId names a request that makes a unit of this source, and leaves parentId out.',
      {
        path: ['parentRequestId'],
      },
    );
  }
  return request;
}

/** What is proposed names records that exist; approval checks again. */
async function checkNamed(
  tx: AccountTransaction,
  source: string,
  number: number,
  content: UnitContent,
): Promise<void> {
  const missing = (what: string, id: string, name: string) =>
    badInput(`There is no ${what} with the id ${id} in this source.`, { path: [name] });
  const { typeId, parentId, groupIds } = content;
  if (typeId !== null && (await typesById(tx, [typeId])).length === 0)
    throw missing('type', typeId, CONTENT_OF.TYPE);
  if (parentId !== null) {
    const [parent] = isId(parentId) ? await statesInVersion(tx, [parentId], source, number) : [];
    if (!parent) throw missing('unit', parentId, CONTENT_OF.PARENT);
  }
  if (groupIds.length === 0) return;
  const groups = await groupsById(tx, groupIds);
  const found = new Set(groups.filter(({ dataSourceId }) => dataSourceId === source).map(({ id }) => id));
  const lost = groupIds.find((id) => !found.has(id));
  if (lost) throw missing('group', lost, CONTENT_OF.GROUPS);
}

/**
 * Deciding on change requests. An approval is an edit by whoever approves, with their scope and the types they may
 * write, through the very functions that edits go through; what changed since the proposal is a CONFLICT, never
 * overwritten unseen.
 */
import { recordChange } from '@iroko/changes';
import { type AccountDatabase, type AccountTransaction, isId } from '@iroko/database';
import {
  badInput,
  conflict,
  failedOutcome,
  limitExceeded,
  notFound,
  type Outcome,
  okOutcome,
} from '@iroko/errors';
import type { UnitField } from '../differences/difference';
import { createUnit, updateUnit } from '../org-units/edit-unit';
import { removeUnit } from '../org-units/remove-unit';
import { contentOf, type StateRow } from '../org-units/state';
import { pathsInVersion, statesInVersion } from '../org-units/state.sql';
import { sourcesById } from '../sources/source.sql';
import { markMerged, recordApprovedOrigin } from './approved-merge.sql';
import { appliedFields, CONTENT_OF, contentOfFields, fieldsOf, refuseStale } from './change-request';
import {
  type ChangeRequestRow,
  countBelow,
  decideRequest,
  type RequestDecision,
  requestForDeciding,
  requestsById,
} from './change-request.sql';
import { checkedComment } from './propose-change';

/** Each is an edit of some milliseconds; more are decided in several requests. */
export const DECIDED_MAX = 200;

export interface Approval {
  /** Only these fields; all of them without it. */
  fields?: readonly UnitField[] | null | undefined;
  /** Of all that is proposed only these; what proposes none of them is not approved. */
  among?: readonly UnitField[] | null | undefined;
  /** These although they changed since they were proposed. */
  overwrite?: readonly UnitField[] | null | undefined;
  reason?: string | null | undefined;
}

/**
 * Applies the request to the draft. Throws NOT_FOUND, BAD_USER_INPUT, FORBIDDEN outside of one's scope, and CONFLICT when it is
 * decided already, when the unit changed since, or as an edit would.
 */
export function approveRequest(
  db: AccountDatabase,
  id: string,
  approval: Approval,
): Promise<ChangeRequestRow> {
  return deciding(db, id, async (tx, request) => {
    const among =
      approval.among && fieldsOf(request.proposed).filter((field) => approval.among?.includes(field));
    const fields = appliedFields(request.kind, request.proposed, approval.fields ?? among);
    const reason = approval.reason == null ? null : checkedComment(approval.reason, ['reason']);
    const words = { reason: reason ?? (request.comment || undefined) };
    const unitId = await APPLY[request.kind](tx, request, fields, { ...approval, words });
    if (request.kind === 'CREATE') await recordApprovedOrigin(tx, id, unitId);
    await markMerged(
      tx,
      id,
      request.kind === 'CREATE' ? [...new Set([...fields, 'NAME', 'PARENT'])] : fields,
    );
    return { status: 'APPROVED', appliedFields: fields, reason, unitId };
  });
}

/** Throws NOT_FOUND, BAD_USER_INPUT without a reason, and CONFLICT when it is decided already. */
export function rejectRequest(db: AccountDatabase, id: string, reason: string): Promise<ChangeRequestRow> {
  const words = checkedComment(reason, ['reason']);
  if (words === '') throw badInput('Say why, so that whoever proposed knows.', { path: ['reason'] });
  return deciding(db, id, async () => ({
    status: 'REJECTED',
    appliedFields: null,
    reason: words,
    unitId: null,
  }));
}

export interface DecidedRequest {
  id: string;
  outcome: Outcome;
  request: ChangeRequestRow | null;
}

/** Each in a transaction of its own, in the order in which they were proposed; the answer is in the order given. */
export async function decideAll(
  ids: readonly string[],
  decide: (id: string) => Promise<ChangeRequestRow>,
): Promise<DecidedRequest[]> {
  if (ids.length > DECIDED_MAX)
    throw limitExceeded(`At most ${DECIDED_MAX} requests are decided at once.`, 'ids', DECIDED_MAX);
  return decideEach(ids, decide);
}

/** Parents were proposed before what stands below them. */
export async function decideEach(
  ids: readonly string[],
  decide: (id: string) => Promise<ChangeRequestRow>,
): Promise<DecidedRequest[]> {
  const decided = new Map<string, DecidedRequest>();
  for (const id of [...new Set(ids)].sort()) decided.set(id, await attempted(id, decide));
  return ids.map((id) => decided.get(id) as DecidedRequest);
}

async function attempted(
  id: string,
  decide: (id: string) => Promise<ChangeRequestRow>,
): Promise<DecidedRequest> {
  try {
    return { id, outcome: okOutcome, request: await decide(id) };
  } catch (error) {
    return { id, outcome: failedOutcome(error), request: null };
  }
}

function deciding(
  db: AccountDatabase,
  id: string,
  decide: (tx: AccountTransaction, request: ChangeRequestRow) => Promise<RequestDecision>,
): Promise<ChangeRequestRow> {
  return db.transaction(async (tx) => {
    const [visible] = isId(id) ? await requestsById(tx, [id]) : [];
    if (!visible) throw notFound('ChangeRequest', id);
    const request = (await requestForDeciding(tx, id)) as ChangeRequestRow;
    if (request.status !== 'PROPOSED') {
      throw conflict(`The request was ${request.status.toLowerCase()} already.`, { status: request.status });
    }
    const decided = await decideRequest(tx, id, await decide(tx, request));
    await recordChange(tx, {
      subjectType: 'ChangeRequest',
      subjectId: id,
      unitId: decided.placeUnitId,
      action: decided.status === 'APPROVED' ? 'APPROVE' : 'REJECT',
      before: { status: 'PROPOSED' },
      after: { status: decided.status, fields: decided.appliedFields, unitId: decided.unitId },
      reason: decided.decisionReason,
    });
    return decided;
  });
}

interface Applied extends Approval {
  words: { reason?: string | undefined };
}

type Apply = (
  tx: AccountTransaction,
  request: ChangeRequestRow,
  fields: readonly UnitField[],
  approval: Applied,
) => Promise<string>;

const create: Apply = async (tx, request, fields, { words }) => {
  const content = contentOfFields(request.proposed, fields);
  const parentId =
    request.parentRequestId === null ? content.parentId : await madeParent(tx, request.parentRequestId);
  const name = content.name ?? '';
  const reference = request.reference ?? undefined;
  const state = await createUnit(tx, request.dataSourceId, { ...content, name, parentId, reference }, words);
  return state.unitId;
};

async function madeParent(tx: AccountTransaction, requestId: string): Promise<string> {
  const request = await requestForDeciding(tx, requestId);
  if (request?.status === 'APPROVED' && request.unitId) return request.unitId;
  throw conflict('The request that makes the parent of this unit is not approved. Decide on it first.', {
    requestId,
    status: request?.status,
  });
}

const change: Apply = async (tx, request, fields, { overwrite, words }) => {
  const state = await currentState(tx, request);
  refuseStale(
    request.seen,
    request.proposed,
    contentOf(state),
    fields.filter((field) => !overwrite?.includes(field)),
  );
  const content = contentOfFields(request.proposed, fields);
  const isBelowNewUnit = request.parentRequestId !== null && fields.includes('PARENT');
  if (isBelowNewUnit) content.parentId = await madeParent(tx, request.parentRequestId ?? '');
  await updateUnit(tx, state.unitId, state.revision, content, words);
  return state.unitId;
};

const remove: Apply = async (tx, request, _fields, { overwrite, words }) => {
  const state = await currentState(tx, request);
  const all = fieldsOf(CONTENT_FIELD_NAMES).filter((field) => !overwrite?.includes(field));
  refuseStale(request.seen, {}, contentOf(state), all);
  if (request.withDescendants) await refuseOthersBelow(tx, request, state);
  await removeUnit(tx, state.unitId, state.revision, request.withDescendants, words);
  return state.unitId;
};

const CONTENT_FIELD_NAMES = Object.fromEntries(Object.values(CONTENT_OF).map((name) => [name, true]));

const APPLY: Record<ChangeRequestRow['kind'], Apply> = {
  CREATE: create,
  CHANGE: change,
  MOVE: change,
  REMOVE: remove,
};

/** The unit as the next edit finds it. Throws NOT_FOUND when it left the tree meanwhile. */
async function currentState(tx: AccountTransaction, request: ChangeRequestRow): Promise<StateRow> {
  const { unitId, dataSourceId } = request;
  const [source] = await sourcesById(tx, [dataSourceId]);
  const number = source?.draftVersionNumber ?? source?.releasedVersionNumber ?? 0;
  const [state] = unitId ? await statesInVersion(tx, [unitId], dataSourceId, number) : [];
  if (!state) throw notFound('OrgUnit', unitId ?? '');
  return state;
}

/** What came to stand below the unit since was not proposed for removal. */
async function refuseOthersBelow(
  tx: AccountTransaction,
  request: ChangeRequestRow,
  state: StateRow,
): Promise<void> {
  const [place] = await pathsInVersion(tx, [state.unitId], state.versionNumber);
  if (!place) throw notFound('OrgUnit', state.unitId);
  const { count } = await countBelow(tx, state.dataSourceId, state.versionNumber, place.path);
  if (count === request.seenDescendants) return;
  throw conflict(
    `At or below the unit stand ${count} units; when the removal was proposed there were ${request.seenDescendants}. Reject the request and propose it again.`,
    { fields: ['CHILDREN'], values: { CHILDREN: { seen: request.seenDescendants, current: count } } },
  );
}

/** Asking for a match run: its row and its job in one transaction. */
import { recordChange } from '@iroko/changes';
import { newId } from '@iroko/database';
import { badInput, notFound } from '@iroko/errors';
import { enqueue } from '@iroko/jobs';
import type { GeoContext } from '../context';
import { loaders } from '../loaders';
import { findVersion } from '../versions/find-version';
import type { VersionRow } from '../versions/version';
import { matchUnits } from './match-job';
import { type MatchRunRow, type MatchSettings, matchSettings, type SideSettings } from './match-run';
import { insertRun, setJob } from './match-run.sql';

const TYPES_MAX = 1000;

export interface RunRequest extends MatchSettings {
  leftVersionId: string;
  rightVersionId: string;
}

/**
 * Throws NOT_FOUND for a version, a type and the unit of a subtree, BAD_USER_INPUT for two versions of one source and for thresholds that cannot be.
 */
export async function startMatchRun(context: GeoContext, request: RunRequest): Promise<MatchRunRow> {
  const { leftVersionId, rightVersionId, ...given } = request;
  const settings = checkedSettings(given);
  const left = await findVersion(context, leftVersionId);
  const right = await findVersion(context, rightVersionId);
  await refuseUnknown(context, left, settings.left);
  await refuseUnknown(context, right, settings.right);
  if (left.dataSourceId === right.dataSourceId) {
    throw badInput(
      'Both versions are of one source. Matching joins two different sources: a unit of one source is known in all of its versions by its id, and what stands twice in one source is a defect of that source.',
      { path: ['input', 'right', 'versionId'] },
    );
  }
  const id = newId();
  return context.db.transaction(async (tx) => {
    await insertRun(tx, {
      id,
      method: settings.method,
      leftSourceId: left.dataSourceId,
      rightSourceId: right.dataSourceId,
      leftVersionId: left.id,
      rightVersionId: right.id,
      settings,
      fileId: null,
    });
    const pair = pairOf(left.dataSourceId, right.dataSourceId);
    const run = await setJob(tx, id, await enqueue(tx, matchUnits, { runId: id, pair }));
    await recordChange(tx, {
      subjectType: 'MatchRun',
      subjectId: id,
      action: 'CREATE',
      before: null,
      after: { ...settings, leftVersionId: left.id, rightVersionId: right.id },
    });
    return run;
  });
}

async function refuseUnknown(
  context: GeoContext,
  { dataSourceId, number }: VersionRow,
  { subtree, types }: SideSettings,
): Promise<void> {
  for (const id of types ?? []) {
    if (!(await loaders.type(context).load(id))) throw notFound('OrgUnitType', id);
  }
  if (subtree == null) return;
  const state = await loaders.state(context).load({ unitId: subtree, dataSourceId, number });
  if (!state) throw notFound('OrgUnit', subtree);
}

/** Jobs that write links between the same two sources run one after the other. */
export function pairOf(one: string, other: string): string {
  return [one, other].sort().join(' ');
}

function checkedSettings(given: MatchSettings): MatchSettings {
  const { acceptFrom, reviewFrom } = given;
  for (const side of ['left', 'right'] as const) {
    const count = given[side].types?.length ?? 0;
    if (count > TYPES_MAX) {
      throw badInput(`${side} has ${count} types; at most ${TYPES_MAX} are taken.`, {
        path: ['input', side, 'types'],
      });
    }
  }
  for (const [field, value] of Object.entries({ acceptFrom, reviewFrom })) {
    if (!(value >= 0 && value <= 1)) {
      throw badInput(`${field} is ${value}; scores are 0 to 1.`, { path: ['input', field] });
    }
  }
  if (reviewFrom > acceptFrom) {
    throw badInput(
      `reviewFrom ${reviewFrom} is above acceptFrom ${acceptFrom}: what is accepted is above both.`,
      {
        path: ['input', 'reviewFrom'],
      },
    );
  }
  return matchSettings.parse(given);
}

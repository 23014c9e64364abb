/** The lineage of one unit in one version, asked as far as it is selected. */
import type { GeoContext } from '../context';
import { loaders, type StateKey } from '../loaders';
import { StateAnswer } from '../org-units/place-answer';
import type { StateRow } from '../org-units/state';
import { currentVersionNumber } from '../sources/source';
import { findSource } from '../versions/find-version';
import { seesDrafts, type VersionRow } from '../versions/version';
import { type VersionAnswer, versionAnswer } from '../versions/version-answer';
import { LineageAnswer, LineageUnitAnswer } from './lineage-answer';
import { endOf, lineageLoaders, operationsOn } from './lineage-loaders';

type NoArgs = Record<string, never>;

export class UnitLineageAnswer {
  private readonly key: StateKey;

  constructor(
    readonly unitId: string,
    readonly reference: string,
    private readonly at: VersionRow,
  ) {
    this.key = { unitId, dataSourceId: at.dataSourceId, number: at.number };
  }

  get version(): VersionAnswer {
    return versionAnswer(this.at);
  }

  async isStanding(_args: NoArgs, context: GeoContext): Promise<boolean> {
    return (await loaders.state(context).load(this.key))?.closedDate === null;
  }

  endedBy(_args: NoArgs, context: GeoContext): Promise<LineageAnswer | null> {
    return endedBy(context, this.key);
  }

  standing(_args: NoArgs, context: GeoContext): Promise<StateAnswer[]> {
    return standingStates(context, this.key, this.at);
  }

  predecessors(_args: NoArgs, context: GeoContext): Promise<LineageUnitAnswer[]> {
    return predecessorsOf(context, this.key);
  }

  async operations(_args: NoArgs, context: GeoContext): Promise<LineageAnswer[]> {
    const rows = await operationsOn(context, this.key);
    return rows.map((row) => new LineageAnswer(row));
  }
}

export async function endedBy(context: GeoContext, key: StateKey): Promise<LineageAnswer | null> {
  const [state, operations] = await Promise.all([
    loaders.state(context).load(key),
    operationsOn(context, key),
  ]);
  const end = endOf(state, operations);
  return end ? new LineageAnswer(end) : null;
}

/** The units that stand in the place of one in a version, itself when it does. */
export async function standingStates(
  context: GeoContext,
  key: StateKey,
  version: VersionRow,
): Promise<StateAnswer[]> {
  const ids = await lineageLoaders.standing(context, key).load(key.unitId);
  const rows = await Promise.all(ids.map((unitId) => loaders.state(context).load({ ...key, unitId })));
  return rows.filter((row) => row !== undefined).map((row) => new StateAnswer(row, version));
}

export async function predecessorsOf(context: GeoContext, key: StateKey): Promise<LineageUnitAnswer[]> {
  const before = await lineageLoaders.before(context, key).load(key.unitId);
  const lineages = await Promise.all(
    before.map(({ lineageId }) => lineageLoaders.lineage(context).load(lineageId)),
  );
  return before.flatMap((unit, index) => {
    const lineage = lineages[index];
    return lineage ? [new LineageUnitAnswer({ ...unit, isNew: false }, lineage)] : [];
  });
}

/** The unit in the current version of its source, also where that holds it no more. */
export async function currentKey(
  context: GeoContext,
  { unitId, dataSourceId, versionNumber }: Pick<StateRow, 'unitId' | 'dataSourceId' | 'versionNumber'>,
): Promise<StateKey> {
  const source = await findSource(context, dataSourceId);
  const number = currentVersionNumber(source, seesDrafts(context.viewer)) ?? versionNumber;
  return { unitId, dataSourceId, number };
}

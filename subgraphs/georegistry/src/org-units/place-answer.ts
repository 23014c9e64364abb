/**
 * Places as they are answered. Fields are getters and methods of these classes, which graphql-js calls by itself: a
 * list of fifty units then costs no more than the same list in a hand-written schema.
 */
import type { AttributeType } from '@iroko/graph';
import type { GeoContext } from '../context';
import type { GroupRow } from '../groups/group.sql';
import { loaders, type StateKey } from '../loaders';
import { type ShapeAnswer, shapeAnswer } from '../shapes/shape-answer';
import type { SourceRow } from '../sources/source';
import type { TypeRow } from '../types/type.sql';
import { findSource } from '../versions/find-version';
import type { VersionRow } from '../versions/version';
import { type VersionAnswer, versionAnswer } from '../versions/version-answer';
import { locationOf, type StateRow } from './state';
import { statesByNumber } from './state.sql';
import { stateId } from './state-id';
import type { Location, UnitStatus } from './unit-content';

type NoArgs = Record<string, never>;

abstract class PlaceAnswer {
  constructor(readonly row: StateRow) {}

  get reference(): string {
    return this.row.reference;
  }
  get revision(): number {
    return this.row.revision;
  }
  get name(): string {
    return this.row.name;
  }
  get aliases(): string[] {
    return this.row.aliases;
  }
  get code(): string {
    return this.row.code;
  }
  get status(): UnitStatus {
    return this.row.status;
  }
  get openingDate(): string | null {
    return this.row.openingDate;
  }
  get closedDate(): string | null {
    return this.row.closedDate;
  }
  get createdAt(): Date {
    return this.row.createdAt;
  }

  get writtenAt(): Date {
    return this.row.writtenAt;
  }
  get location(): Location | null {
    return locationOf(this.row);
  }
  get hasShape(): boolean {
    return this.row.shapeHash !== null;
  }
  get attributes(): AttributeType[] {
    const { attributes } = this.row;
    if (attributes === null) return [];
    const keys = Object.keys(attributes).sort();
    return keys.map((key) => ({ key, value: attributes[key] ?? null }));
  }

  async type(_args: NoArgs, context: GeoContext): Promise<TypeRow | null> {
    const { typeId } = this.row;
    return typeId === null ? null : ((await loaders.type(context).load(typeId)) ?? null);
  }

  groups(_args: NoArgs, context: GeoContext): Promise<GroupRow[]> | [] {
    const { groupIds } = this.row;
    return groupIds === null ? [] : groupsByName(context, groupIds);
  }

  async shape(_args: NoArgs, context: GeoContext): Promise<ShapeAnswer | null> {
    const { shapeHash } = this.row;
    if (shapeHash === null) return null;
    const shape = await loaders.shape(context).load(shapeHash.toString('hex'));
    return shape ? shapeAnswer(shape) : null;
  }

  async depth(_args: NoArgs, context: GeoContext): Promise<number> {
    return (await this.path(context)).length / 4 - 1;
  }

  async hasChildren(_args: NoArgs, context: GeoContext): Promise<boolean> {
    return (await loaders.hasChildren(context).load(this.key)) ?? false;
  }

  async childCount(_args: NoArgs, context: GeoContext): Promise<number> {
    return (await loaders.childCount(context).load(this.key)) ?? 0;
  }

  dataSource(_args: NoArgs, context: GeoContext): Promise<SourceRow> {
    return findSource(context, this.row.dataSourceId);
  }

  /** The unit in the version that this answers for. */
  get key(): StateKey {
    return {
      unitId: this.row.unitId,
      dataSourceId: this.row.dataSourceId,
      number: this.row.versionNumber,
    };
  }

  protected async path(context: GeoContext): Promise<Buffer> {
    const path = await loaders.path(context).load(this.key);
    if (!path) throw new Error(`The unit ${this.row.unitId} stands in no tree.`);
    return path;
  }

  /** States of the units above, from the root down. */
  protected async rowsAbove(context: GeoContext): Promise<StateRow[]> {
    const path = await this.path(context);
    const { dataSourceId, versionNumber } = this.row;
    const numbers: number[] = [];
    for (let at = 0; at < path.length - 4; at += 4) numbers.push(path.readUInt32BE(at));
    const loader = context.loader<number, StateRow | undefined>(
      `ancestor ${dataSourceId} ${versionNumber}`,
      async (keys) => {
        const rows = await statesByNumber(context.db, keys, dataSourceId, versionNumber);
        const found = new Map(rows.map((row) => [row.unitNumber, row]));
        return keys.map((key) => found.get(key));
      },
    );
    const rows = await Promise.all(numbers.map((number) => loader.load(number)));
    return rows.filter((row) => row !== undefined);
  }
}

async function groupsByName(context: GeoContext, ids: string[]): Promise<GroupRow[]> {
  const groups = await Promise.all(ids.map((id) => loaders.group(context).load(id)));
  return groups
    .filter((group) => group !== undefined)
    .sort((a, b) => (a.nameKey < b.nameKey ? -1 : a.nameKey > b.nameKey ? 1 : a.id < b.id ? -1 : 1));
}

/** The place in the current version of its source. */
export class UnitAnswer extends PlaceAnswer {
  get id(): string {
    return this.row.unitId;
  }

  async parent(_args: NoArgs, context: GeoContext): Promise<UnitAnswer | null> {
    const { parentId } = this.row;
    if (parentId === null) return null;
    const row = await loaders.currentUnit(context).load(parentId);
    return row ? new UnitAnswer(row) : null;
  }

  async ancestors(_args: NoArgs, context: GeoContext): Promise<UnitAnswer[]> {
    return (await this.rowsAbove(context)).map((row) => new UnitAnswer(row));
  }

  async version(_args: NoArgs, context: GeoContext): Promise<VersionAnswer> {
    const { dataSourceId, versionNumber: number } = this.row;
    const version = await loaders.versionByNumber(context).load({ dataSourceId, number });
    if (!version) throw new Error(`Version ${number} of the source ${dataSourceId} is gone.`);
    return versionAnswer(version);
  }
}

/** The place in one named version; what it leads to stays there. */
export class StateAnswer extends PlaceAnswer {
  constructor(
    row: StateRow,
    readonly of: VersionRow,
  ) {
    super(row);
  }

  get id(): string {
    return stateId(this.row.unitId, this.of.id);
  }

  get unitId(): string {
    return this.row.unitId;
  }

  get version(): VersionAnswer {
    return versionAnswer(this.of);
  }

  async unit(_args: NoArgs, context: GeoContext): Promise<UnitAnswer | null> {
    const row = await loaders.currentUnit(context).load(this.row.unitId);
    return row ? new UnitAnswer(row) : null;
  }

  async parent(_args: NoArgs, context: GeoContext): Promise<StateAnswer | null> {
    const { parentId } = this.row;
    if (parentId === null) return null;
    const row = await loaders.state(context).load({ ...this.key, unitId: parentId });
    return row ? new StateAnswer(row, this.of) : null;
  }

  async ancestors(_args: NoArgs, context: GeoContext): Promise<StateAnswer[]> {
    return (await this.rowsAbove(context)).map((row) => new StateAnswer(row, this.of));
  }
}

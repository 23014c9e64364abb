/** A change request as it is answered: each field as it was seen, as it is now, and as it shall be. */
import type { GeoContext } from '../context';
import { type DescribedUnit, fieldValue, type UnitField } from '../differences/difference';
import { loaders } from '../loaders';
import { UnitAnswer } from '../org-units/place-answer';
import { contentOf } from '../org-units/state';
import { EMPTY_CONTENT, type UnitContent, type UnitEdit } from '../org-units/unit-content';
import type { SourceRow } from '../sources/source';
import { UserReference } from '../users/user-reference';
import { findSource } from '../versions/find-version';
import { seesDrafts } from '../versions/version';
import { fieldsOf, staleFields } from './change-request';
import { type ChangeRequestRow, requestsById } from './change-request.sql';
import type { RequestForFile } from './request-columns';

export interface ProposedFieldAnswer {
  field: UnitField;
  seen: unknown;
  current: unknown;
  proposed: unknown;
  isStale: boolean;
}

export class ChangeRequestAnswer {
  constructor(private readonly row: ChangeRequestRow) {}

  get id() {
    return this.row.id;
  }
  get kind() {
    return this.row.kind;
  }
  get status() {
    return this.row.status;
  }
  get reference() {
    return this.row.reference;
  }
  get withDescendants() {
    return this.row.withDescendants;
  }
  get comment() {
    return this.row.comment;
  }
  get decisionReason() {
    return this.row.decisionReason;
  }
  get appliedFields() {
    return this.row.appliedFields;
  }
  get proposedAt() {
    return this.row.proposedAt;
  }
  get decidedAt() {
    return this.row.decidedAt;
  }
  get proposedBy(): UserReference | null {
    return this.row.proposedBy === null ? null : UserReference.of(this.row.proposedBy);
  }
  get decidedBy(): UserReference | null {
    return this.row.decidedBy === null ? null : UserReference.of(this.row.decidedBy);
  }

  dataSource(_args: unknown, context: GeoContext): Promise<SourceRow> {
    return findSource(context, this.row.dataSourceId);
  }

  async unit(_args: unknown, context: GeoContext): Promise<UnitAnswer | null> {
    const { unitId } = this.row;
    const row = unitId === null ? undefined : await loaders.currentUnit(context).load(unitId);
    return row ? new UnitAnswer(row) : null;
  }

  async parentRequest(_args: unknown, context: GeoContext): Promise<ChangeRequestAnswer | null> {
    const { parentRequestId } = this.row;
    const [row] = parentRequestId === null ? [] : await requestsById(context.db, [parentRequestId]);
    return row ? new ChangeRequestAnswer(row) : null;
  }

  async fields(_args: unknown, context: GeoContext): Promise<ProposedFieldAnswer[]> {
    const { row } = this;
    const number = await this.versionNumber(context);
    const current = row.unitId === null ? undefined : await this.currentContent(context, number);
    const fields = fieldsOf(row.proposed);
    const stale =
      current && row.status === 'PROPOSED' ? staleFields(row.seen, row.proposed, current, fields) : [];
    const [seen, now, proposed] = await Promise.all(
      [row.seen, current ?? {}, row.proposed].map((edit) =>
        describedEdit(context, edit, row.dataSourceId, number),
      ),
    );
    const value = (field: UnitField, unit: DescribedUnit | undefined, isThere: boolean) =>
      unit && isThere ? fieldValue(field, unit) : null;
    return fields.map((field) => ({
      field,
      seen: value(field, seen, row.kind !== 'CREATE'),
      current: value(field, now, current !== undefined),
      proposed: value(field, proposed, true),
      isStale: stale.includes(field),
    }));
  }

  /** What a table tells of it: nothing that is not in the request, but for what the ids stand for. */
  async forFile(context: GeoContext): Promise<RequestForFile> {
    const { row } = this;
    const { unitId, dataSourceId } = row;
    const number = await this.versionNumber(context);
    const [source, state, seen, proposed] = await Promise.all([
      findSource(context, dataSourceId),
      unitId === null ? null : loaders.state(context).load({ unitId, dataSourceId, number }),
      describedEdit(context, row.seen, dataSourceId, number),
      describedEdit(context, row.proposed, dataSourceId, number),
    ]);
    return {
      row,
      source: source.name,
      unit: state ? { id: state.unitId, reference: state.reference, name: state.name } : null,
      fields: fieldsOf(row.proposed).map((field) => ({
        field,
        seen: row.kind === 'CREATE' ? null : fieldValue(field, seen),
        proposed: fieldValue(field, proposed),
      })),
    };
  }

  private async versionNumber(context: GeoContext): Promise<number> {
    const source = await findSource(context, this.row.dataSourceId);
    const released = source.chosenVersionNumber ?? source.releasedVersionNumber;
    const editing = source.draftVersionNumber ?? source.releasedVersionNumber;
    return (seesDrafts(context.viewer) ? editing : released) ?? 0;
  }

  private async currentContent(context: GeoContext, number: number): Promise<UnitContent | undefined> {
    const { unitId, dataSourceId } = this.row;
    const state = unitId && (await loaders.state(context).load({ unitId, dataSourceId, number }));
    return state ? contentOf(state) : undefined;
  }
}

/** What stands behind the ids of an edit. */
async function describedEdit(
  context: GeoContext,
  edit: UnitEdit,
  dataSourceId: string,
  number: number,
): Promise<DescribedUnit> {
  const content = { ...EMPTY_CONTENT, ...edit } as UnitContent;
  const { typeId, parentId, groupIds, shapeHash } = content;
  const [type, parent, groups, shape] = await Promise.all([
    typeId === null ? null : loaders.type(context).load(typeId),
    parentId === null ? null : loaders.state(context).load({ unitId: parentId, dataSourceId, number }),
    Promise.all(groupIds.map((id) => loaders.group(context).load(id))),
    shapeHash === null ? null : loaders.shape(context).load(shapeHash),
  ]);
  return {
    content,
    type: type ? { id: type.id, name: type.name } : null,
    parent: parent ? { id: parent.unitId, reference: parent.reference, name: parent.name } : null,
    groups: groups.flatMap((group) =>
      group ? [{ id: group.id, reference: group.reference, name: group.name }] : [],
    ),
    shape: shape
      ? {
          hash: shape.hash.toString('hex'),
          areaM2: shape.areaM2,
          vertexCount: shape.vertexCount,
          centre: [(shape.west + shape.east) / 2, (shape.south + shape.north) / 2],
        }
      : null,
  };
}

/** Rows of a comparison with what they tell: the states on both sides, the fields in which they differ. */
import type { GeoContext } from '../context';
import { type FieldAnswer, fieldAnswers } from '../differences/find-differences';
import { lineageBetween } from '../lineage/between';
import type { LineageAnswer } from '../lineage/lineage-answer';
import { loaders } from '../loaders';
import { StateAnswer } from '../org-units/place-answer';
import type { ComparedRow } from './comparison.sql';
import type { Sides } from './pairs.sql';

export class ComparedAnswer {
  constructor(
    readonly row: ComparedRow,
    readonly before: StateAnswer | null,
    readonly after: StateAnswer | null,
    private readonly sides: Sides,
  ) {}

  get status() {
    return this.row.status;
  }

  lineage(_args: unknown, context: GeoContext): Promise<LineageAnswer[]> {
    const unitId = (this.after ?? this.before)?.unitId;
    return lineageBetween(context, unitId, this.sides.before, this.sides.after);
  }

  fields(_args: unknown, context: GeoContext): Promise<FieldAnswer[]> {
    return fieldAnswers(context, this.row.fields, this.before, this.after);
  }
}

/** A draft may have lost a unit since it was compared: that side is empty then. */
export async function comparedAnswers(
  context: GeoContext,
  sides: Sides,
  rows: readonly ComparedRow[],
): Promise<ComparedAnswer[]> {
  const state = async (unitId: string | null, version: Sides['before']) => {
    if (unitId === null) return null;
    const { dataSourceId, number } = version;
    const row = await loaders.state(context).load({ unitId, dataSourceId, number });
    return row ? new StateAnswer(row, version) : null;
  };
  return Promise.all(
    rows.map(
      async (row) =>
        new ComparedAnswer(
          row,
          await state(row.beforeId, sides.before),
          await state(row.afterId, sides.after),
          sides,
        ),
    ),
  );
}

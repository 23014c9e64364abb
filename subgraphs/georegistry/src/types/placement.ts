/**
 * Which types may stand below which, and who may create them. A type that limits its sub types allows those that it
 * lists and no others, units without a type included; a type that does not, and a unit without a type, allow anything.
 *
 * Checked where a unit comes into its place: on create, move and change of type, by imports, and when a proposal is
 * approved. What stands in a tree when a rule changes stays, and can be renamed; the quality report lists it.
 */
import type { AccountTransaction } from '@iroko/database';
import { ApiError, badInput } from '@iroko/errors';
import { childTypes, holdsOneOf, type TypeRow, typeNames, typesById } from './type.sql';

/** Whether a unit of the type may stand right below one whose type lists these sub types (null: lists none). */
export function mayStandBelow(typeId: string | null, subTypeIds: readonly string[] | null): boolean {
  return subTypeIds === null || (typeId !== null && subTypeIds.includes(typeId));
}

export interface Placed {
  unitId: string;
  typeId: string | null;
  parentTypeId: string | null;
}

export interface PlacementChange {
  /** The unit is new. */
  creates: boolean;
  /** It comes below another parent, or is of another type than before. */
  moves: boolean;
  /** It was there before with another type: what stands below it must be allowed below the new one. */
  retypes: boolean;
}

/** Throws BAD_USER_INPUT for a place that the types do not allow, FORBIDDEN for a type that the actor may not create. */
export async function checkPlacement(
  tx: AccountTransaction,
  placed: Placed,
  change: PlacementChange,
): Promise<void> {
  const ids = [placed.typeId, placed.parentTypeId].filter((id) => id !== null);
  const types = new Map((await typesById(tx, ids)).map((type) => [type.id, type]));
  const type = placed.typeId === null ? undefined : types.get(placed.typeId);
  const parentType = placed.parentTypeId === null ? undefined : types.get(placed.parentTypeId);
  if (type?.deletedAt) {
    throw badInput(`The type ${JSON.stringify(type.name)} is deleted. Restore it, or choose another.`, {
      path: ['typeId'],
    });
  }
  if ((change.creates || change.retypes) && type) await checkCreator(tx, type);
  if (change.creates || change.moves) await checkBelow(tx, type, parentType);
  if (change.retypes && type?.subTypeIds) await checkChildren(tx, placed.unitId, type, type.subTypeIds);
}

async function checkBelow(
  tx: AccountTransaction,
  type: TypeRow | undefined,
  parentType: TypeRow | undefined,
): Promise<void> {
  if (mayStandBelow(type?.id ?? null, parentType?.subTypeIds ?? null)) return;
  const allowed = await typeNames(tx, parentType?.subTypeIds ?? []);
  const what = type ? `A ${JSON.stringify(type.name)}` : 'A unit without a type';
  const instead = allowed.length === 0 ? 'Nothing may.' : `Allowed are: ${allowed.join(', ')}.`;
  throw badInput(`${what} may not stand below a ${JSON.stringify(parentType?.name)}. ${instead}`, {
    path: ['typeId'],
    rule: 'TYPE_NOT_ALLOWED_BELOW',
    typeId: type?.id ?? null,
    parentTypeId: parentType?.id ?? null,
  });
}

async function checkChildren(
  tx: AccountTransaction,
  unitId: string,
  type: TypeRow,
  subTypeIds: readonly string[],
): Promise<void> {
  for (const child of await childTypes(tx, unitId)) {
    if (mayStandBelow(child.typeId, subTypeIds)) continue;
    const what =
      child.typeName === null
        ? 'units without a type'
        : `units of the type ${JSON.stringify(child.typeName)}`;
    throw badInput(
      `Below the unit stand ${what}, which may not stand below a ${JSON.stringify(type.name)}. Move them first, or allow it in the type.`,
      {
        path: ['typeId'],
        rule: 'TYPE_NOT_ALLOWED_BELOW',
        typeId: child.typeId,
        parentTypeId: type.id,
      },
    );
  }
}

async function checkCreator(tx: AccountTransaction, type: TypeRow): Promise<void> {
  if (type.creatorRoleIds === null) return;
  const { userId } = tx.actor;
  if (userId && (await holdsOneOf(tx, userId, type.creatorRoleIds)).holds) return;
  throw new ApiError(
    'FORBIDDEN',
    `Units of the type ${JSON.stringify(type.name)} are created by members of certain roles, and you hold none of them.`,
    { permission: 'org_units.edit' },
  );
}

/**
 * Every entity has a history, and an event about it leads to it. The entities come from the schemas, so a new one is
 * covered by being there.
 */
import { isUnionType } from 'graphql';
import { unconnectedSubgraphs } from '../schema/committed';
import { entityTypes } from '../testing/api-walk/operations';

/** Entities that are no subject of changes, each with the reason. */
const WITHOUT: Readonly<Record<string, string>> = {};

const subgraphs = unconnectedSubgraphs();
const identity = subgraphs.find(({ name }) => name === 'identity');

const entities = [
  ...new Set(subgraphs.flatMap(({ schema }) => entityTypes(schema).map(({ name }) => name))),
].filter((name) => !(name in WITHOUT));

it.each(entities)('%s has a history and is reached from its events', (name) => {
  const type = identity?.schema.getType(name);
  const union = identity?.schema.getType('ChangeSubject');
  const hint = `add ${name} to FOREIGN_SUBJECTS or OWN_ENTITIES in subgraphs/identity/src/changes/subjects.ts, and to visible-changes.ts the permission it takes`;
  const found = {
    history: type !== undefined && 'getFields' in type && 'history' in type.getFields(),
    subject: isUnionType(union) && union.getTypes().some((member) => member.name === name),
  };
  expect({ name, hint, ...found }).toEqual({ name, hint, history: true, subject: true });
});

/** Kinds and statuses of change requests over GraphQL. */
import { registerEnumType } from 'type-graphql';
import { REQUEST_KINDS, REQUEST_STATUSES } from './change-request';

const enumOf = <Value extends string>(values: readonly Value[]) =>
  Object.fromEntries(values.map((value) => [value, value])) as Record<Value, Value>;

export const RequestKindEnum = enumOf(REQUEST_KINDS);
registerEnumType(RequestKindEnum, {
  name: 'ChangeRequestKind',
  description: 'What is proposed for a unit.',
  valuesConfig: {
    CREATE: { description: 'To make it.' },
    CHANGE: { description: 'Other values for some of its fields.' },
    MOVE: { description: 'Another parent, and nothing else.' },
    REMOVE: { description: 'To take it out of the tree.' },
  },
});

export const RequestStatusEnum = enumOf(REQUEST_STATUSES);
registerEnumType(RequestStatusEnum, {
  name: 'ChangeRequestStatus',
  description: 'What became of a proposal.',
  valuesConfig: {
    PROPOSED: { description: 'Nobody has decided yet.' },
    APPROVED: { description: 'It was applied, whole or in some fields.' },
    REJECTED: { description: 'It was not.' },
  },
});

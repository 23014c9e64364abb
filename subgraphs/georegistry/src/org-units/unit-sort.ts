/** The orders in which a list of units can be asked for. */
import { registerEnumType } from 'type-graphql';

export enum OrgUnitSort {
  NAME = 'NAME',
  NAME_DESC = 'NAME_DESC',
  TREE = 'TREE',
  RELEVANCE = 'RELEVANCE',
  CODE = 'CODE',
  CODE_DESC = 'CODE_DESC',
  REFERENCE = 'REFERENCE',
  REFERENCE_DESC = 'REFERENCE_DESC',
  TYPE = 'TYPE',
  TYPE_DESC = 'TYPE_DESC',
  PARENT = 'PARENT',
  PARENT_DESC = 'PARENT_DESC',
  STATUS = 'STATUS',
  STATUS_DESC = 'STATUS_DESC',
  DEPTH = 'DEPTH',
  DEPTH_DESC = 'DEPTH_DESC',
  OPENING_DATE = 'OPENING_DATE',
  OPENING_DATE_DESC = 'OPENING_DATE_DESC',
  CLOSED_DATE = 'CLOSED_DATE',
  CLOSED_DATE_DESC = 'CLOSED_DATE_DESC',
  CREATED_AT = 'CREATED_AT',
  CREATED_AT_DESC = 'CREATED_AT_DESC',
  WRITTEN_AT = 'WRITTEN_AT',
  WRITTEN_AT_DESC = 'WRITTEN_AT_DESC',
}
registerEnumType(OrgUnitSort, {
  name: 'OrgUnitSort',
  description:
    'The order of a list of units. Units that are equal in it follow by name or id; those without the value come last, in both directions.',
  valuesConfig: {
    NAME: { description: 'By name, accents and capitals folded.' },
    NAME_DESC: { description: 'By name backwards.' },
    TREE: { description: 'As one walks down the tree: each unit before what is below it.' },
    RELEVANCE: {
      description:
        'What fits the `search` of the filter best, first: the same name, names that begin with it, names that hold it, then names that are spelt a little differently. By name where nothing is searched.',
    },
    CODE: { description: 'By code, byte by byte.' },
    CODE_DESC: { description: 'By code backwards.' },
    REFERENCE: { description: 'By what the source calls it, byte by byte.' },
    REFERENCE_DESC: { description: 'By what the source calls it, backwards.' },
    TYPE: { description: 'By the name of the type.' },
    TYPE_DESC: { description: 'By the name of the type, backwards.' },
    PARENT: { description: 'By the name of the unit right above.' },
    PARENT_DESC: { description: 'By the name of the unit right above, backwards.' },
    STATUS: { description: 'By status: NEW, REJECTED, VALID.' },
    STATUS_DESC: { description: 'By status backwards.' },
    DEPTH: { description: 'Roots first, then level by level.' },
    DEPTH_DESC: { description: 'The deepest level first.' },
    OPENING_DATE: { description: 'What opened first, first.' },
    OPENING_DATE_DESC: { description: 'What opened last, first.' },
    CLOSED_DATE: { description: 'What closed first, first.' },
    CLOSED_DATE_DESC: { description: 'What closed last, first.' },
    CREATED_AT: { description: 'What was made longest ago, first.' },
    CREATED_AT_DESC: { description: 'What was made last, first.' },
    WRITTEN_AT: { description: 'What was not written for longest, first.' },
    WRITTEN_AT_DESC: { description: 'What was written last, first.' },
  },
});

export const isBackwards = (sort: OrgUnitSort): boolean => sort.endsWith('_DESC');

/**
 * What the database refuses, in the words of the API. Services check first where that gives a better message; the
 * database decides, also when two requests meet.
 */
import { violatedConstraint } from '@iroko/database';
import { type ApiError, badInput, conflict } from '@iroko/errors';

const SECOND_ACCEPTED =
  'A unit of this pair got another accepted link to that source meanwhile. Reject that link first.';

const REFUSALS: Readonly<Record<string, () => ApiError>> = {
  data_source_name_key: () =>
    conflict('A data source of this name exists, apart from accents and capitals. Choose another name.', {
      fields: ['name'],
    }),
  org_unit_type_name_key: () =>
    conflict('A type of this name exists, apart from accents and capitals. Use it or choose another name.', {
      fields: ['name'],
    }),
  group_reference: () =>
    conflict('A group of this source bears this reference. Choose another one.', { fields: ['reference'] }),
  org_unit_reference: () =>
    conflict('A unit of this source bears this reference, perhaps in another version. Choose another one.', {
      fields: ['reference'],
    }),
  org_unit_sub_type_no_cycle: () =>
    badInput(
      'These sub types would lead in a circle: a type would be allowed below itself through others. Only a type that lists itself may stand below itself.',
      { path: ['subTypeIds'] },
    ),
  group_set_reference: () =>
    conflict('A set of groups of this source bears this reference. Choose another one.', {
      fields: ['reference'],
    }),
  group_set_source: () => badInput('A set gathers groups of its own source.', { path: ['groupIds'] }),
  group_set_single: () =>
    conflict(
      'Some units are in several groups of this set, so it cannot be SINGLE. Take them out of all but one first.',
      { fields: ['membership', 'groupIds'] },
    ),
  org_unit_state_exclusive_groups: () =>
    badInput('A unit may be in one group only of a set with single membership.', { path: ['groupIds'] }),
  org_unit_type_in_use: () => conflict('A version holds units of this type, so it stays.'),
  group_in_use: () => conflict('A version holds units in this group, so it stays.'),
  org_unit_state_no_orphans: () =>
    conflict(
      'The unit has children in the draft. Remove them with it (withDescendants), or move them first.',
    ),
  org_unit_state_in_tree: () =>
    badInput('The parent is not in the draft of this source.', { path: ['parentId'] }),
  org_unit_path_in_tree: () =>
    badInput('The parent is not in the draft of this source.', { path: ['parentId'] }),
  org_unit_path_below: () => badInput('A unit cannot stand below itself.', { path: ['parentId'] }),
  org_unit_path_levels: () => badInput('A tree has at most 64 levels.', { path: ['parentId'] }),
  org_unit_state_not_own_parent: () => badInput('A unit cannot be its own parent.', { path: ['parentId'] }),
  org_unit_state_type: () => badInput('There is no such type.', { path: ['typeId'] }),
  org_unit_state_group: () => badInput('There is no such group in this source.', { path: ['groupIds'] }),
  source_version_draft_open: () => conflict('The draft was released or discarded meanwhile. Try again.'),
  org_unit_state_transition: () => conflict('The draft was released or discarded meanwhile. Try again.'),
  link_pair: () => conflict('These two units were linked meanwhile. Read their link and decide on it.'),
  link_accepted_first: () => conflict(SECOND_ACCEPTED),
  link_accepted_second: () => conflict(SECOND_ACCEPTED),
  data_source_chosen_released: () =>
    badInput('Only a released version can be the current one.', { path: ['versionId'] }),
};

/** Runs the work; a refusal of the database leaves as the ApiError that says the same. */
export async function translatingRefusals<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const refusal = REFUSALS[violatedConstraint(error) ?? ''];
    throw refusal ? refusal() : error;
  }
}

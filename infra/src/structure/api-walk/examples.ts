/**
 * What the walk over the API cannot know by itself: which record an ID stands for, and which values an operation
 * needs before it looks at its ids. An operation that cannot be fed fails its test; what is missing is written here.
 *
 * A coordinate is `Query.orgUnit(id)` for an argument, `CreateOrgUnitInput.name` for an input field, and
 * `/files/:id (id)` for a parameter of a route.
 */

/**
 * The type whose id a coordinate takes, where its name does not say so. A name like `parentUnitId` says nothing,
 * `formId` says Form, and `id` means the type that the field answers.
 */
export const ID_TYPES: Readonly<Record<string, string>> = {
  'ReplayInput.id': 'QuarantinedSubmission',
  '/openrosa/:key/forms/:id (id)': 'FormVersion',
  '/openrosa/:key/forms/:id/manifest (id)': 'FormVersion',
};

/** Values for coordinates whose type alone gives none that would be taken. */
export const EXAMPLES: Readonly<Record<string, unknown>> = {};

/** Operations that take no one's permission, each with the reason. */
export const OPEN_TO_EVERYBODY: Readonly<Record<string, string>> = {
  'Query.me': 'tells an anonymous viewer that it is one',
  'Mutation.signIn': 'is how somebody becomes somebody',
  'Mutation.refreshSession': 'the refresh token is the proof',
};

/** Operations for whoever is signed in, whatever they may do, each with the reason. */
export const OPEN_TO_MEMBERS: Readonly<Record<string, string>> = {
  'Mutation.signOut': 'whoever is signed in may stop being it',
};

/**
 * Coordinates where an id of one's own and an id that never was are answered alike, each with the reason. Elsewhere
 * that would mean that the test asks nothing.
 */
export const ANSWERED_ALIKE: Readonly<Record<string, string>> = {};

/**
 * Parameters of routes that are no ids but proofs, such as the key of a phone: by name, the seeded record that has
 * one. The asking account's own is given.
 */
export const PROOFS_IN_PATHS: Readonly<Record<string, string>> = {
  key: 'AppUserKey',
};

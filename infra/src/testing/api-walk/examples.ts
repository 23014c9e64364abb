/**
 * What the walk over the API cannot know by itself: which record an ID stands for, and which values an operation
 * needs before it looks at its ids. An operation that cannot be fed fails its test; what is missing is written here.
 *
 * A coordinate is `Query.orgUnit(id)` for an argument, `CreateOrgUnitInput.name` for an input field, and
 * `/files/:id (id)` for a parameter of a route.
 */

import { SEEDED_PASSWORD } from '@iroko/testing';

/**
 * The type whose id a coordinate takes, or every argument and input field of a name, where the name does not say so.
 * `formId` and `forms` say Form; `id` means what the operation answers or is called after.
 */
export const ID_TYPES: Readonly<Record<string, string>> = {
  createdBy: 'User',
  joiningRoleId: 'Role',
  orgUnitIds: 'OrgUnit',
  'ThemeInput.logoFileId': 'LogoFile',
  'CreateTeamInput.parentId': 'Team',
  'UpdateTeamInput.parentId': 'Team',
  writableTypeIds: 'OrgUnitType',
  'UpdateMembershipInput.userId': 'OtherUser',
  'UserSelectionInput.ids': 'OtherUser',
  'UserSelectionInput.excludedIds': 'OtherUser',
  'UserFilterInput.ids': 'OtherUser',
  'UserFilterInput.teamIds': 'TeamOfUsers',
  'InviteUserInput.teamIds': 'TeamOfUsers',
  'MemberOrgUnitsInput.ids': 'OrgUnit',
  'MembershipChangeInput.addTeamIds': 'TeamOfUsers',
  'MembershipChangeInput.removeTeamIds': 'TeamOfUsers',
  'MembershipChangeInput.addRoleIds': 'Role',
  'MembershipChangeInput.removeRoleIds': 'Role',
  'MembershipChangeInput.addProjectIds': 'Project',
  'MembershipChangeInput.removeProjectIds': 'Project',
  'MembershipChangeInput.addOrgUnitIds': 'OrgUnit',
  'MembershipChangeInput.removeOrgUnitIds': 'OrgUnit',
  'Mutation.revokeServiceToken(id)': 'ServiceToken',
  decidedById: 'User',
  matchRunId: 'MatchRun',
  'EvaluateMatchRunInput.runId': 'MatchRun',
  'EvaluateMatchRunInput.fileId': 'PairsFile',
  'UploadLinksInput.fileId': 'PairsFile',
  'UploadLinksInput.leftSourceId': 'DataSource',
  'UploadLinksInput.rightSourceId': 'CensusList',
  otherDataSourceId: 'CensusList',
  otherUnitId: 'CensusPlace',
  'CreateLinkInput.unitId': 'OrgUnit',
  'LinkFilter.unitId': 'OrgUnit',
  'ReviewedLinkInput.id': 'Link',
  webhookId: 'Webhook',
  'Mutation.pingWebhook(id)': 'Webhook',
  'Mutation.replayWebhookDelivery(id)': 'WebhookDelivery',
  'Mutation.rotateWebhookSecret(id)': 'Webhook',
  parent: 'OrgUnit',
  parentId: 'OrgUnit',
  'HandOverInput.userId': 'OtherUser',
  'DeleteMyselfInput.closeAccounts': 'Account',
  subjectId: 'OrgUnit',
  subtree: 'OrgUnit',
  subTypeIds: 'OrgUnitType',
  creatorRoleIds: 'Role',
  referenceFormIds: 'Form',
  projectIds: 'Project',
  'Mutation.restoreOrgUnitState(id)': 'OrgUnit',
  'Mutation.restoreDataSource(id)': 'DataSourceDeleted',
  'Mutation.restoreGroup(id)': 'GroupDeleted',
  'Mutation.restoreGroupSet(id)': 'GroupSetDeleted',
  'Mutation.restoreOrgUnitType(id)': 'OrgUnitTypeDeleted',
  subtrees: 'OrgUnit',
  addGroupIds: 'Group',
  removeGroupIds: 'Group',
  excludedSubtrees: 'OrgUnit',
  'OrgUnitFilter.ids': 'OrgUnit',
  'OrgUnitFilter.excludedIds': 'OrgUnit',
  'OrgUnitFilter.sources': 'DataSource',
  'OrgUnitLinksFilter.unit': 'CensusHospital',
  'OrgUnitLinksFilter.source': 'CensusList',
  'OrgUnitLinksFilter.version': 'SourceVersion',
  'OrgUnitFilter.projects': 'Project',
  version: 'SourceVersion',
  versionId: 'SourceVersion',
  'ImportOrgUnitsInput.fileId': 'UnitsFile',
  'ImportUsersInput.fileId': 'UsersFile',
  'ImportOrgUnitsInput.versionId': 'DraftVersion',
  'Mutation.revertOrgUnitChange(event)': 'ChangeEvent',
  'Mutation.revertAccountChange(event)': 'AccountChange',
  'Mutation.revertProjectChange(event)': 'ProjectChange',
  'Mutation.revertRoleChange(event)': 'RoleChange',
  'Mutation.revertTeamChange(event)': 'TeamChange',
  'Mutation.revertDataSourceChange(event)': 'DataSourceChange',
  'Mutation.revertGroupChange(event)': 'GroupChange',
  'Mutation.revertGroupSetChange(event)': 'GroupSetChange',
  'Mutation.revertOrgUnitTypeChange(event)': 'OrgUnitTypeChange',
  'Query.versionDiff(from)': 'SourceVersion',
  'Subscription.jobProgress(id)': 'Job',
  'Query.versionDiff(to)': 'DraftVersion',
  'ChangeFilterInput.projectId': 'ChangedProject',
  'ChangeRequestFilter.proposedBy': 'User',
  'ChangeRequestFilter.proposedByAny': 'User',
  'ChangeRequestFilter.decidedByAny': 'User',
  'ChangeRequestFilter.ids': 'ChangeRequest',
  'ChangeRequestFilter.mergePlan': 'MergePlanProposed',
  'Mutation.approveChangeRequests(ids)': 'ChangeRequest',
  'Mutation.rejectChangeRequests(ids)': 'ChangeRequest',
  'ProposeOrgUnitInput.parentRequestId': 'ChangeRequest',
  'MergeDecisionInput.parentId': 'UnitOfTarget',
  'Mutation.undoLineage(id)': 'Lineage',
  'NamedOrgUnitInput.id': 'OrgUnit',
  'ChildPlaceInput.unitId': 'UnitBelow',
  'CloseOrgUnitInput.moveChildrenTo': 'UnitAbove',
  'Query.standingOrgUnits(ids)': 'OrgUnit',
  'Mutation.applyMergePlan(id)': 'MergePlan',
  'Mutation.decideMergePlan(id)': 'MergePlan',
  'Mutation.proposeMergePlan(id)': 'MergePlan',
  'CompareVersionsInput.from': 'SourceVersion',
  'CompareVersionsInput.to': 'DraftVersion',
  'CompareVersionsInput.subtrees': 'OrgUnit',
  'CreateDatasetInput.fileId': 'TableFile',
  'ReloadDatasetInput.fileId': 'TableFile',
  'Query.previewDataset(fileId)': 'TableFile',
  'ReplayInput.id': 'QuarantinedSubmission',
  '/openrosa/:key/forms/:id (id)': 'FormVersion',
  '/openrosa/:key/forms/:id/manifest (id)': 'FormVersion',
};

/** Values for coordinates whose type alone gives none that would be taken. */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  'SplitOrgUnitInput.ending': 'KEPT',
  'CloseOrgUnitInput.children': 'MOVE',
  'ChildPlaceInput.to': 0,
  'MergeDecisionInput.position': 1,
  'ChangeFilterInput.subjectType': 'OrgUnit',
  'BulkChangesInput.status': 'VALID',
  // So that the second asking finds what the first found.
  'Mutation.bulkEditOrgUnits(dryRun)': true,
  'Mutation.updateMemberships(dryRun)': true,
  'MembershipChangeInput.addPermissions': ['forms.read'],
  'ImportOrgUnitsInput.recipe': { name: 'name', source_ref: 'reference' },
  'CreateExternalCredentialInput.url': 'https://192.0.3.1/',
  'CreateSignInProviderInput.clientSecret': 'secret of the client',
  'CreateSignInProviderInput.url': 'https://192.0.3.1/',
  'CreateWebhookInput.url': 'https://192.0.3.1/hook',
  'WebhookSettingsInput.url': 'https://192.0.3.1/hook',
  'UnitColumnInput.heading': 'Place',
  'Query.orgUnitStateAsOf(asOf)': '2100-01-01',
  'Query.orgUnitStatesAsOf(asOf)': '2100-01-01',
  'Mutation.requestPasswordReset(email)': 'ada@example.org',
  'ProjectFeatureFlagInput.code': 'HOME_OFFLINE',
  'Mutation.beginSecondFactor(password)': SEEDED_PASSWORD,
  'DeleteMyselfInput.password': SEEDED_PASSWORD,
  'LabelTranslationInput.language': 'fr',
  'InviteUserInput.email': 'ada@example.org',
  // Without a change there is nothing to record.
  'UpdateAccountInput.timeZone': 'Africa/Lubumbashi',
  'UpdateDataSourceInput.description': 'Of the walk',
  'UpdateDatasetInput.description': 'Of the walk',
  'UpdateExternalCredentialInput.name': 'Another server',
  'UpdateFormInput.name': 'Another form',
  'UpdateGroupInput.name': 'Another group',
  'UpdateGroupSetInput.name': 'Another set',
  'UpdateOrgUnitInput.code': 'W1',
  'UpdateOrgUnitTypeInput.shortName': 'Short',
  'UpdateProfileInput.organization': 'Ministry',
  'UpdateProjectInput.description': 'Of the walk',
  'UpdateTeamInput.description': 'Of the walk',
};

/** Optional arguments and input fields without which an operation does nothing, and so never looks at its ids. */
export const GIVEN: ReadonlySet<string> = new Set(['SuccessorInput.create']);

/** Operations that take no one's permission, each with the reason. */
export const OPEN_TO_EVERYBODY: Readonly<Record<string, string>> = {
  'Query.me': 'tells an anonymous viewer that it is one',
  'Query.permissions': 'is the same published list for everybody',
  'Query.modules': 'is the same published list for everybody, with what is on in the account of the viewer',
  'Query.featureFlags': 'is the same published list for everybody',
  'Mutation.signIn': 'is how somebody becomes somebody',
  'Query.signInChoices': 'are the buttons of a sign-in page',
  'Mutation.exchangeSignInCode': 'the code and the secret of the page are the proof',
  'Mutation.refreshSession': 'the refresh token is the proof',
  'Mutation.requestPasswordReset': 'whoever forgot their password cannot sign in',
  'Mutation.setUpAccount': 'the token of the operator, who is in no account, is the proof',
  'Mutation.confirmEmailChange': 'the link in the mail is the proof',
  'Mutation.switchAccount': 'the refresh token is the proof',
  'Mutation.register': 'is how somebody becomes a user; the operator and the account decide who may',
  'Mutation.confirmRegistration': 'the link in the mail is the proof',
  'Query.previewInvitation': 'the link in the mail is the proof',
  'Mutation.acceptInvitation': 'the link in the mail is the proof',
  'Mutation.resetPassword': 'the link in the mail is the proof',
};

const OWN_JOBS =
  "one's own jobs need no permission; for others' the service asks for jobs.read or jobs.manage";

/** Operations for whoever is signed in, whatever they may do, each with the reason. */
export const OPEN_TO_MEMBERS: Readonly<Record<string, string>> = {
  'Mutation.signOut': 'whoever is signed in may stop being it',
  'Mutation.signOutEverywhere': 'whoever is signed in may stop being it, everywhere',
  'Mutation.changePassword': "one's own password is one's own; the present one is the proof",
  'Mutation.beginSecondFactor': "one's own second factor is one's own; the password is the proof",
  'Mutation.confirmSecondFactor': 'a code of the app that was just begun is the proof',
  'Mutation.removeSecondFactor': 'the password and a code are the proof',
  'Mutation.newRecoveryCodes': 'the password and a code are the proof',
  'Mutation.requestEmailChange': "one's own address is one's own; the password and both mails are the proof",
  'Mutation.deleteMyself': 'whoever is here may go; the password is the proof',
  'Mutation.updateProfile': "one's own profile is one's own",
  'Mutation.cancelJob': OWN_JOBS,
  'Mutation.retryJob': OWN_JOBS,
  'Query.job': OWN_JOBS,
  'Subscription.jobProgress': OWN_JOBS,
  'Query.jobs': OWN_JOBS,
  'Query.file': "one's own files need no permission; nobody sees another's",
};

const ONE_MERGES_NOT =
  'one unit by itself does not merge into a new one; replaceOrgUnit and splitOrgUnit look at the same fields';

/**
 * Coordinates where an id of one's own and an id that never was are answered alike, each with the reason. Elsewhere
 * that would mean that the test asks nothing.
 */
export const ANSWERED_ALIKE: Readonly<Record<string, string>> = {
  'Mutation.mergeOrgUnits(input.into.create.typeId)': ONE_MERGES_NOT,
  'Mutation.mergeOrgUnits(input.into.create.parentId)': ONE_MERGES_NOT,
  'Mutation.mergeOrgUnits(input.into.create.groupIds)': ONE_MERGES_NOT,
  '/files/:id (id)': 'the signature of the link is looked at first, and here there is none',
  'Mutation.decideChangeRequests(input.filter.decidedByAny)': 'what is open was decided by nobody',
  'Mutation.switchAccount(accountId)': 'the refresh token is looked at first, and here there is none',
};

/**
 * Parameters of routes that are no ids but proofs, such as the key of a phone: by name, the seeded record that has
 * one. The asking account's own is given.
 */
export const PROOFS_IN_PATHS: Readonly<Record<string, string>> = {
  key: 'AppUserKey',
  token: 'NoticeStopToken',
};

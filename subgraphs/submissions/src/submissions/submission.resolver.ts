/** Submissions over GraphQL. */
import 'reflect-metadata';
import { isId } from '@iroko/database';
import { badInput, conflict, limitExceeded } from '@iroko/errors';
import { groupedBy, inOrderOf, JSONScalar, LongScalar, PageArgs } from '@iroko/graph';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { appUserLoader } from '../app-users/app-user.resolver';
import { AppUser } from '../app-users/app-user.types';
import { formLoader, versionLoader } from '../forms/form.resolver';
import { Form, FormVersion } from '../forms/form.types';
import { OrgUnit } from '../org-units/org-unit.types';
import type { SubmissionContext } from '../services';
import { acceptSubmission } from './accept';
import { attachmentsOf, type ReceivedFile } from './attachments.sql';
import { listSubmissions, type SubmissionList } from './list-submissions';
import {
  Attachment,
  CreateSubmissionInput,
  Submission,
  SubmissionConnection,
  SubmissionFilterInput,
} from './submission.types';
import { countSubmissions, sentSubmission, submissionsByIds, xmlOfSubmission } from './submissions.sql';

const FILES_MAX = 100;

@Resolver(() => Submission)
export class SubmissionResolver {
  @Authorized('submissions.read')
  @Query(() => SubmissionConnection, { description: 'Submissions, newest first.' })
  submissions(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('filter', () => SubmissionFilterInput, {
      nullable: true,
      description: 'Which ones; all without it.',
    })
    filter: SubmissionFilterInput | null,
    @Ctx() context: SubmissionContext,
  ) {
    return listSubmissions(context, args, filter ?? {});
  }

  @Authorized('submissions.read')
  @Query(() => Submission, {
    nullable: true,
    description: 'One submission; null when there is none with this id.',
  })
  async submission(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() { db }: SubmissionContext,
  ) {
    return isId(id) ? (await submissionsByIds(db, [id]))[0] : null;
  }

  @Authorized('submissions.create')
  @Mutation(() => Submission, {
    description:
      'Stores a submission once per instance id; the same again changes nothing. What cannot be taken is kept in quarantine, and the error says why: CONFLICT for other answers under a known instance id, else BAD_USER_INPUT.',
  })
  async createSubmission(
    @Arg('input', () => CreateSubmissionInput, { description: 'The submission.' })
    input: CreateSubmissionInput,
    @Ctx() { db, services }: SubmissionContext,
  ) {
    const accepted = await acceptSubmission(services, db, {
      xml: Buffer.from(input.xml),
      files: await filesOf({ db, services }, input),
      appUserId: null,
      deviceId: null,
    });
    if (accepted.taken) return sentSubmission(db, accepted.submissionId);
    const details = { reason: accepted.reason, quarantineId: accepted.quarantineId };
    const isConflict = accepted.reason === 'OTHER_CONTENT' || accepted.reason === 'OTHER_ATTACHMENT';
    throw isConflict
      ? conflict(accepted.message, details)
      : badInput(accepted.message, { path: ['input', 'xml'], ...details });
  }

  @FieldResolver(() => Form, { nullable: true, description: 'The form it answers.' })
  form(@Root() { formId }: Submission, @Ctx() context: SubmissionContext) {
    return formLoader(context).load(formId);
  }

  @FieldResolver(() => FormVersion, { nullable: true, description: 'The version of the form it answers.' })
  formVersion(@Root() { formVersionId }: Submission, @Ctx() context: SubmissionContext) {
    return versionLoader(context).load(formVersionId);
  }

  @FieldResolver(() => OrgUnit, { nullable: true, description: 'The place it was made at.' })
  orgUnit(@Root() { orgUnitId }: Submission) {
    return orgUnitId === null ? null : OrgUnit.of(orgUnitId);
  }

  @FieldResolver(() => AppUser, { nullable: true, description: 'The phone that sent it.' })
  appUser(@Root() { appUserId }: Submission, @Ctx() context: SubmissionContext) {
    return appUserId === null ? null : appUserLoader(context).load(appUserId);
  }

  @FieldResolver(() => JSONScalar, {
    description:
      'The answers below the root: a group is an object, a repeat a list of objects, a leaf its text.',
  })
  answers(@Root() { answers }: Submission) {
    return answers;
  }

  @FieldResolver(() => String, { nullable: true, description: 'The XML exactly as it was sent.' })
  async xml(@Root() { id }: Submission, @Ctx() { db }: SubmissionContext) {
    return (await xmlOfSubmission(db, id))?.xml;
  }

  @FieldResolver(() => [Attachment], { nullable: true, description: 'Its files, by name.' })
  attachments(@Root() { id }: Submission, @Ctx() context: SubmissionContext) {
    return context
      .loader('attachments', async (ids: readonly string[]) =>
        groupedBy(ids, await attachmentsOf(context.db, ids), ({ submissionId }) => submissionId),
      )
      .load(id);
  }
}

@Resolver(() => Attachment)
export class AttachmentResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description: 'A link that opens it for a quarter of an hour; null while it has not arrived.',
  })
  url(@Root() { fileId }: Attachment, @Ctx() { db, services }: SubmissionContext) {
    return fileId === null ? null : services.files.signedUrl({ accountId: db.account, id: fileId });
  }
}

@Resolver(() => SubmissionConnection)
export class SubmissionConnectionResolver {
  @FieldResolver(() => LongScalar, { description: 'How many submissions the whole list has.' })
  totalCount(@Root() { filter }: SubmissionList, @Ctx() { db }: SubmissionContext) {
    return filter === null ? 0 : countSubmissions(db, filter);
  }
}

async function filesOf(
  { db, services }: Pick<SubmissionContext, 'db' | 'services'>,
  { files }: CreateSubmissionInput,
): Promise<ReceivedFile[]> {
  const asked = files ?? [];
  if (asked.length > FILES_MAX) {
    throw limitExceeded(
      `A submission has at most ${FILES_MAX} files here.`,
      'files',
      FILES_MAX,
      asked.length,
    );
  }
  const received: ReceivedFile[] = [];
  for (const { name, fileId } of asked) {
    if (name.trim() === '') throw badInput('A file needs a name.', { path: ['input', 'files'] });
    const { id, sha256, contentType, size } = await services.files.find(db, fileId);
    received.push({ name, fileId: id, sha256, contentType, size });
  }
  return received;
}

/** Submissions by id for references, in their order. */
export async function submissionsInOrder(context: SubmissionContext, ids: readonly string[]) {
  return inOrderOf(ids, await submissionsByIds(context.db, ids.filter(isId)), ({ id }) => id);
}

/** Forms over GraphQL. */
import 'reflect-metadata';
import { isId } from '@iroko/database';
import { groupedBy, inOrderOf, LongScalar, PageArgs, pageOf, pageRequest } from '@iroko/graph';
import { textKey } from '@iroko/text';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { SubmissionContext } from '../services';
import { countsByForm } from '../submissions/submissions.sql';
import { CreateFormInput, Form, FormConnection, FormVersion, Question, UpdateFormInput } from './form.types';
import { addFormVersion, createForm, formById, updateForm } from './forms.service';
import {
  countForms,
  formsByIds,
  formsPage,
  questionsOfVersions,
  versionsByIds,
  versionsOfForms,
} from './forms.sql';

interface FormList {
  readonly searchKey: string | null;
}

@Resolver(() => Form)
export class FormResolver {
  @Authorized('forms.read')
  @Query(() => FormConnection, { description: 'The forms of the account, by name.' })
  async forms(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { db, services: { cursors } }: SubmissionContext,
    @Arg('search', () => String, {
      nullable: true,
      description: 'Only names that hold this text; accents and case do not count.',
    })
    search: string | null,
  ) {
    const searchKey = search ? textKey(search) : null;
    const scope = { list: 'forms', account: db.account, filter: searchKey };
    const page = pageRequest(args, cursors, scope);
    const rows = await formsPage(
      db,
      searchKey,
      (page.after as [string, string] | undefined) ?? null,
      page.limit,
    );
    return Object.assign(
      pageOf(rows, page, cursors, scope, ({ nameKey, id }) => [nameKey, id]),
      { searchKey } satisfies FormList,
    );
  }

  @Authorized('forms.read')
  @Query(() => Form, { nullable: true, description: 'One form; null when there is none with this id.' })
  async form(@Arg('id', () => ID, { description: 'Its id.' }) id: string, @Ctx() { db }: SubmissionContext) {
    return isId(id) ? (await formsByIds(db, [id]))[0] : null;
  }

  @Authorized('forms.edit')
  @Mutation(() => Form, {
    description:
      'Makes a form from an uploaded XForm. BAD_USER_INPUT when the file is no XForm, CONFLICT when its form id is taken.',
  })
  async createForm(
    @Arg('input', () => CreateFormInput, { description: 'The form.' }) input: CreateFormInput,
    @Ctx() { db, services }: SubmissionContext,
  ) {
    return formById(db, await createForm(services, db, input));
  }

  @Authorized('forms.edit')
  @Mutation(() => FormVersion, {
    description:
      'Adds a version to a form; phones are offered it from now on. CONFLICT when the form has that version already.',
  })
  async addFormVersion(
    @Arg('formId', () => ID, { description: 'The form.' }) formId: string,
    @Arg('fileId', () => ID, {
      description: 'The uploaded XForm XML, with the same form id and a new version.',
    })
    fileId: string,
    @Ctx() { db, services }: SubmissionContext,
  ) {
    const id = await addFormVersion(services, db, formId, fileId);
    return (await versionsByIds(db, [id]))[0];
  }

  @Authorized('forms.edit')
  @Mutation(() => Form, { description: "Changes a form's name or unit question." })
  async updateForm(
    @Arg('input', () => UpdateFormInput, { description: 'What to change.' }) input: UpdateFormInput,
    @Ctx() { db }: SubmissionContext,
  ) {
    await updateForm(db, input);
    return formById(db, input.id);
  }

  @FieldResolver(() => [FormVersion], { nullable: true, description: 'Its versions, the newest first.' })
  versions(@Root() form: Form, @Ctx() context: SubmissionContext) {
    return context
      .loader('versionsOfForm', async (ids: readonly string[]) =>
        groupedBy(ids, await versionsOfForms(context.db, ids), ({ formUuid }) => formUuid),
      )
      .load(form.id);
  }

  @Authorized('submissions.read')
  @FieldResolver(() => LongScalar, { nullable: true, description: 'How many submissions it has.' })
  submissionCount(@Root() form: Form, @Ctx() context: SubmissionContext) {
    return context
      .loader('countByForm', async (ids: readonly string[]) =>
        inOrderOf(ids, await countsByForm(context.db, ids), ({ formId }) => formId).map(
          (row) => row?.count ?? 0,
        ),
      )
      .load(form.id);
  }
}

@Resolver(() => FormConnection)
export class FormConnectionResolver {
  @FieldResolver(() => LongScalar, { description: 'How many forms the whole list has.' })
  totalCount(@Root() list: FormList, @Ctx() { db }: SubmissionContext) {
    return countForms(db, list.searchKey);
  }
}

@Resolver(() => FormVersion)
export class FormVersionResolver {
  @FieldResolver(() => Form, { nullable: true, description: 'The form.' })
  async form(@Root() version: FormVersion, @Ctx() context: SubmissionContext) {
    return formLoader(context).load(version.formUuid);
  }

  @FieldResolver(() => [Question], { nullable: true, description: 'What it asks, in the order of the form.' })
  questions(@Root() version: FormVersion, @Ctx() context: SubmissionContext) {
    return context
      .loader('questionsOfVersion', async (ids: readonly string[]) =>
        groupedBy(ids, await questionsOfVersions(context.db, ids), ({ formVersionId }) => formVersionId),
      )
      .load(version.id);
  }
}

/** Forms by id, in the order of the ids; undefined where there is none. */
export async function formsInOrder({ db }: SubmissionContext, ids: readonly string[]) {
  return inOrderOf(ids, await formsByIds(db, ids.filter(isId)), ({ id }) => id);
}

export function formLoader(context: SubmissionContext) {
  return context.loader('form', (ids: readonly string[]) => formsInOrder(context, ids));
}

/** Versions by id, in the order of the ids; undefined where there is none. */
export async function versionsInOrder({ db }: SubmissionContext, ids: readonly string[]) {
  return inOrderOf(ids, await versionsByIds(db, ids.filter(isId)), ({ id }) => id);
}

export function versionLoader(context: SubmissionContext) {
  return context.loader('formVersion', (ids: readonly string[]) => versionsInOrder(context, ids));
}

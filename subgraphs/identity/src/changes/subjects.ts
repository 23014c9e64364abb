/**
 * What changes speak of, as far as it can be reached: each type gets its `history` here, and an event leads to its
 * subject through it. Types of other subgraphs are known here by their id alone; whether one exists, and what of it
 * the viewer may see, is for its own subgraph to say.
 */
import 'reflect-metadata';
import { type Connection, PageArgs, type Reference, type References } from '@iroko/graph';
import {
  Args,
  Authorized,
  type ClassType,
  Ctx,
  createUnionType,
  Directive,
  Field,
  FieldResolver,
  ID,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { accountReferences } from '../accounts/account-references';
import { AccountType } from '../accounts/account-type';
import type { IdentityContext } from '../context';
import { ExternalCredentialType } from '../credentials/credential-type';
import { JobType } from '../jobs/job-type';
import { jobReferences } from '../jobs/jobs';
import { projectReferences } from '../projects/project-resolver';
import { ProjectType } from '../projects/project-type';
import { RoleType } from '../roles/role-type';
import { SignInProviderType } from '../single-sign-on/provider-type';
import { ApiTokenType } from '../tokens/api-token-type';
import { UserType } from '../users/user-type';
import { userReferences } from '../users/users';
import { WebhookType } from '../webhooks/webhook-type';
import { ChangeEventConnection, type ChangeEventType } from './change-type';
import { historyOf } from './history';

/** Entities of other subgraphs that have a history. A new entity is added here; a test says so. */
export const FOREIGN_SUBJECTS = [
  'AppUser',
  'DataSource',
  'Dataset',
  'Form',
  'FormVersion',
  'Group',
  'OrgUnit',
  'OrgUnitType',
  'SourceVersion',
  'Submission',
] as const;

interface Subject {
  id: string;
  __typename?: string;
}

function foreignType(name: string): ClassType<Subject> {
  @Directive('@key(fields: "id")')
  @ObjectType(name, { description: `See the subgraph that owns ${name}.`, simpleResolvers: true })
  class ForeignSubject {
    @Field(() => ID, { description: 'Its id.' })
    id!: string;
  }
  return ForeignSubject;
}

function withHistory(name: string, type: ClassType<Subject>): ClassType<object> {
  @Resolver(() => type)
  class HistoryResolver {
    @Authorized('audit.read')
    @FieldResolver(() => ChangeEventConnection, {
      nullable: true,
      description: 'What happened to it, newest first.',
    })
    history(
      @Root() { id }: Subject,
      @Args() args: PageArgs,
      @Ctx() context: IdentityContext,
    ): Promise<Connection<ChangeEventType>> {
      return historyOf(context, name, id, args);
    }
  }
  return HistoryResolver;
}

const foreign = FOREIGN_SUBJECTS.map((name) => ({ name, type: foreignType(name) }));

/** Types that identity serves whole, with how one is found for an event. */
const OWN_ENTITIES: Readonly<
  Record<string, { type: ClassType<Subject>; find: References<IdentityContext>[string] }>
> = {
  Account: { type: AccountType, find: accountReferences },
  Job: { type: JobType, find: jobReferences },
  Project: { type: ProjectType, find: projectReferences },
  User: { type: UserType, find: userReferences },
};

const OWN_OTHERS: Readonly<Record<string, ClassType<Subject>>> = {
  ApiToken: ApiTokenType,
  ExternalCredential: ExternalCredentialType,
  Role: RoleType,
  SignInProvider: SignInProviderType,
  Webhook: WebhookType,
};

export const historyResolvers: ClassType<object>[] = [
  ...foreign.map(({ name, type }) => withHistory(name, type)),
  ...Object.entries(OWN_ENTITIES).map(([name, { type }]) => withHistory(name, type)),
  ...Object.entries(OWN_OTHERS).map(([name, type]) => withHistory(name, type)),
];

/** How identity answers references: those to others' entities by their id, which is all that it adds to. */
export const subjectReferences: References<IdentityContext> = {
  ...Object.fromEntries(Object.entries(OWN_ENTITIES).map(([name, { find }]) => [name, toMembers(find)])),
  ...Object.fromEntries(
    foreign.map(({ name }) => [name, async (_: unknown, all: readonly Reference[]) => all.map(known)]),
  ),
};

/** Nothing of identity is public: an anonymous viewer finds nobody, also in an account that the request names. */
function toMembers(find: References<IdentityContext>[string]): References<IdentityContext>[string] {
  return async (context, references) =>
    context.viewer.kind === 'anonymous' ? references.map(() => null) : find(context, references);
}

const known = ({ __typename, id }: Reference) => ({ __typename, id: String(id) });

export const ChangeSubjectType = createUnionType({
  name: 'ChangeSubject',
  description: 'What a change was made to, as it is now.',
  types: () => [...foreign.map(({ type }) => type), ...Object.values(OWN_ENTITIES).map(({ type }) => type)],
  resolveType: (subject: Subject) => subject.__typename,
});

/** The subject as the viewer may see it now; null when it is gone, or of a type that cannot be reached. */
export async function subjectOf(
  context: IdentityContext,
  subjectType: string,
  id: string,
): Promise<object | null> {
  const own = OWN_ENTITIES[subjectType];
  if (own) {
    const found = await context
      .loader<string, object | null | undefined>(`subject ${subjectType}`, (ids) =>
        own.find(
          context,
          ids.map((each) => ({ __typename: subjectType, id: each })),
        ),
      )
      .load(id);
    return found ? { ...found, __typename: subjectType } : null;
  }
  return foreign.some(({ name }) => name === subjectType) ? { __typename: subjectType, id } : null;
}

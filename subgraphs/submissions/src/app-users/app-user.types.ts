/** App users as the API shows them. */
import 'reflect-metadata';
import { connectionOf } from '@iroko/graph';
import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id")')
@ObjectType({
  description: 'A phone, or several that share a key, which may fetch forms and send submissions.',
  simpleResolvers: true,
})
export class AppUser {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field({ description: 'Its name, for people.' })
  name!: string;

  @Field({ description: 'When its key was made.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When its key was revoked; null while it is good.' })
  revokedAt!: Date | null;
}

export const AppUserConnection = connectionOf('AppUser', () => AppUser);

@ObjectType({ description: 'A new app user with its key.', simpleResolvers: true })
export class CreatedAppUser {
  @Field(() => AppUser, { description: 'The app user.' })
  appUser!: AppUser;

  @Field({ description: 'The key. It is shown here and never again.' })
  key!: string;

  @Field({
    description:
      "The path of the phone's server URL: put the address of this server in front, and that is the URL to set in ODK Collect.",
  })
  serverPath!: string;
}

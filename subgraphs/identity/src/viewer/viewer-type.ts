/**
 * Whoever a request acts for, as the API shows it.
 */
import type { Viewer } from '@iroko/viewer';
import { Field, ObjectType, registerEnumType } from 'type-graphql';

export enum ViewerKind {
  USER = 'USER',
  TOKEN = 'TOKEN',
  ANONYMOUS = 'ANONYMOUS',
}
registerEnumType(ViewerKind, {
  name: 'ViewerKind',
  description: 'How a viewer came to be.',
  valuesConfig: {
    USER: { description: 'Somebody who signed in.' },
    TOKEN: { description: 'An API token of somebody.' },
    ANONYMOUS: { description: 'Nobody in particular: a request without an authorization header.' },
  },
});

@ObjectType('Viewer', { description: 'Whoever a request acts for, an anonymous one included.' })
export class ViewerType {
  /** Not shown: what the fields are read from. */
  viewer!: Viewer;

  @Field(() => ViewerKind, { description: 'How the viewer came to be.' })
  kind!: ViewerKind;

  @Field(() => [String], {
    description: 'What the viewer may do, as names of permissions in alphabetical order.',
  })
  permissions!: string[];
}

import { Arg, Authorized, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { IdentityContext } from '../context';
import { FileType } from './file-type';
import { ownFile } from './own-file';

@Resolver()
export class FileResolver {
  @Authorized()
  @Query(() => FileType, {
    nullable: true,
    description:
      "One's own file: uploaded by oneself, or made by a job one asked for. NOT_FOUND for any other id; files of other records are reached through those.",
  })
  file(
    @Arg('id', () => ID, { description: 'The id of the file.' }) id: string,
    @Ctx() context: IdentityContext,
  ): Promise<FileType> {
    return ownFile(context.db, context.viewer, context.services.files, id);
  }
}

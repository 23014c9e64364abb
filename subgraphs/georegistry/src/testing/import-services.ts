/** What imports run with in tests, in this process or another. */
import { DiskStorage, Files } from '@iroko/files';
import { ALL_PERMISSIONS, type Viewers, WHOLE_ACCOUNT } from '@iroko/viewer';

/** May do everything, in the account of the job. */
export const everybody: Pick<Viewers, 'forJob'> = {
  forJob: async (job) =>
    ({
      kind: 'job',
      ...job,
      permissions: new Set(ALL_PERMISSIONS),
      scope: WHOLE_ACCOUNT,
    }) as unknown as Awaited<ReturnType<Viewers['forJob']>>,
};

export const filesIn = (folder: string) =>
  new Files({
    storage: new DiskStorage(folder),
    masterKey: Buffer.alloc(32, 1),
    limitBytes: 2 ** 30,
    publicUrl: 'http://localhost',
  });

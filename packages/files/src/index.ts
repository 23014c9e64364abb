export { CONTENT_TYPES } from './content-type';
export { DiskStorage } from './disk-storage';
export { downloadRoutes } from './download-route';
export { accountsWithExpired, type FileRow, filesById } from './file.sql';
export { Files, type FilesOptions, type LocalCopy, type StoreOptions } from './files';
export { type ByteRange, MissingContent, type Storage } from './storage';
export { uploadRoute } from './upload-route';

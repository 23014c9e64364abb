/**
 * Opens a GeoPackage for reading. The path must be a private copy: a file that its last program left in
 * write-ahead mode is marked as an ordinary one before it is opened, since the journal beside it did not come along
 * and this build of SQLite cannot share memory with anybody.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { Database } from 'node-sqlite3-wasm';
import { fileDefect } from './file-defect';

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';
/** Offsets of the two bytes that say how the file is written and read: 1 is a rollback journal, 2 write-ahead. */
const WRITE_VERSION = 18;
const READ_VERSION = 19;

/** Throws BAD_USER_INPUT for an empty file and for one that is no GeoPackage or is broken. */
export function openFile(path: string): Database {
  checkHeader(path);
  let database: Database | undefined;
  try {
    database = new Database(path, { readOnly: true, fileMustExist: true });
    if (!hasTable(database, 'gpkg_contents')) {
      throw fileDefect('This is an SQLite database, but no GeoPackage: it has no table gpkg_contents.');
    }
    return database;
  } catch (error) {
    database?.close();
    throw readable(error);
  }
}

export function hasTable(database: Database, name: string): boolean {
  return (
    database.get("SELECT 1 AS one FROM sqlite_master WHERE type IN ('table', 'view') AND name = ?", name) !==
    null
  );
}

/** What SQLite says of a broken file, in our words; errors of ours as they are. */
export function readable(error: unknown): unknown {
  if (error instanceof Error && error.name === 'SQLite3Error') {
    return fileDefect(
      `The GeoPackage cannot be read (${error.message}). It may be broken or cut off: export it again.`,
    );
  }
  return error;
}

function checkHeader(path: string): void {
  const file = openSync(path, 'r+');
  try {
    if (fstatSync(file).size === 0) throw fileDefect('The file is empty (0 bytes). Export it again.');
    const header = Buffer.alloc(HEADER_BYTES);
    const length = readSync(file, header, 0, HEADER_BYTES, 0);
    if (length < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
      throw fileDefect('This is no GeoPackage: the file does not begin as an SQLite database.');
    }
    if (header[WRITE_VERSION] === 2 || header[READ_VERSION] === 2) {
      writeSync(file, Buffer.from([1, 1]), 0, 2, WRITE_VERSION);
    }
  } finally {
    closeSync(file);
  }
}

/** The header that GeoPackage puts before the WKB of a geometry (OGC 12-128r19, clause 2.1.3). */
import { defectError, type Geometry } from './geometry';
import { readWkb, writeWkb } from './wkb';

const ENVELOPE_BYTES = [0, 32, 48, 48, 64];

/** A geometry as GeoPackage stores it; `geometry` is null when the blob says that it is empty. */
export interface GeoPackageGeometry {
  srsId: number;
  geometry: Geometry | null;
}

/** Reads a GeoPackage blob. Throws GeometryError when the bytes are not one. */
export function readGeoPackageBlob(blob: Buffer): GeoPackageGeometry {
  if (blob.length < 8 || blob[0] !== 0x47 || blob[1] !== 0x50) {
    throw defectError('MALFORMED', 'The bytes are not a GeoPackage geometry: they do not begin with "GP".');
  }
  const flags = blob[3] as number;
  const envelope = ENVELOPE_BYTES[(flags >> 1) & 0b111];
  if (envelope === undefined || (flags & 0b100000) !== 0) {
    throw defectError(
      'MALFORMED',
      'The GeoPackage geometry has an envelope or an extension that is unknown.',
    );
  }
  const srsId = flags & 1 ? blob.readInt32LE(4) : blob.readInt32BE(4);
  const geometry = readWkb(blob, 8 + envelope);
  const isEmpty = (flags & 0b10000) !== 0 || ('coordinates' in geometry && geometry.coordinates.length === 0);
  return { srsId, geometry: isEmpty ? null : geometry };
}

/** A GeoPackage blob without envelope, little endian. */
export function writeGeoPackageBlob(geometry: Geometry, srsId: number): Buffer {
  const header = Buffer.alloc(8);
  header.write('GP', 0, 'latin1');
  header.writeUInt8(1, 3);
  header.writeInt32LE(srsId, 4);
  return Buffer.concat([header, writeWkb(geometry)]);
}

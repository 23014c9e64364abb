/**
 * Well-known binary, the form in which shapes are stored. Writes ISO WKB, little endian, XY or XYZ; reads
 * that, big endian, and the EWKB of PostGIS. M values are dropped: nothing here has a use for them.
 */
import { defectError, type Geometry, type Position } from './geometry';

const TYPES = [
  'Point',
  'LineString',
  'Polygon',
  'MultiPoint',
  'MultiLineString',
  'MultiPolygon',
  'GeometryCollection',
] as const;

interface Header {
  type: (typeof TYPES)[number];
  hasZ: boolean;
  hasM: boolean;
  little: boolean;
}

class WkbReader {
  private offset: number;

  constructor(
    private readonly bytes: Buffer,
    start: number,
  ) {
    this.offset = start;
  }

  read(depth = 0): Geometry {
    // A collection inside a collection inside … is how a small file exhausts the stack.
    if (depth > 8) throw defectError('MALFORMED', 'The geometry nests collections more than 8 deep.');
    const header = this.header();
    switch (header.type) {
      case 'Point': {
        const at = this.position(header);
        // An empty point is written as NaN NaN.
        return { type: 'Point', coordinates: at.every(Number.isNaN) ? [] : at };
      }
      case 'LineString':
        return { type: 'LineString', coordinates: this.line(header) };
      case 'Polygon':
        return { type: 'Polygon', coordinates: this.lines(header) };
      case 'MultiPoint':
        return { type: 'MultiPoint', coordinates: this.members(header, 'Point', depth) as Position[] };
      case 'MultiLineString':
        return {
          type: 'MultiLineString',
          coordinates: this.members(header, 'LineString', depth) as Position[][],
        };
      case 'MultiPolygon':
        return {
          type: 'MultiPolygon',
          coordinates: this.members(header, 'Polygon', depth) as Position[][][],
        };
      case 'GeometryCollection':
        return { type: 'GeometryCollection', geometries: this.geometries(header, depth) };
    }
  }

  private header(): Header {
    this.need(5);
    const little = this.bytes[this.offset] === 1;
    if (!little && this.bytes[this.offset] !== 0) {
      throw defectError('MALFORMED', 'The bytes are not well-known binary: the byte order is not 0 or 1.');
    }
    this.offset += 1;
    const code = this.uint(little);
    if (code & 0x20000000) this.uint(little);
    const iso = Math.floor((code & 0xffff) / 1000);
    const type = TYPES[((code & 0xffff) % 1000) - 1];
    if (type === undefined || iso > 3) {
      throw defectError('WRONG_TYPE', `Geometry type ${code} is not one of ${TYPES.join(', ')}.`);
    }
    return {
      type,
      little,
      hasZ: (code & 0x80000000) !== 0 || iso === 1 || iso === 3,
      hasM: (code & 0x40000000) !== 0 || iso === 2 || iso === 3,
    };
  }

  private lines(header: Header): Position[][] {
    return Array.from({ length: this.count(header.little, 4) }, () => this.line(header));
  }

  private line(header: Header): Position[] {
    const size = 16 + (header.hasZ ? 8 : 0) + (header.hasM ? 8 : 0);
    return Array.from({ length: this.count(header.little, size) }, () => this.position(header));
  }

  private position({ little, hasZ, hasM }: Header): Position {
    const at = [this.double(little), this.double(little)];
    if (hasZ) at.push(this.double(little));
    if (hasM) this.double(little);
    return at;
  }

  private geometries(header: Header, depth: number): Geometry[] {
    return Array.from({ length: this.count(header.little, 5) }, () => this.read(depth + 1));
  }

  private members(header: Header, type: Geometry['type'], depth: number): unknown[] {
    return this.geometries(header, depth).map((member) => {
      if (member.type !== type || !('coordinates' in member)) {
        throw defectError('MALFORMED', `A ${header.type} holds a ${member.type}.`);
      }
      return member.coordinates;
    });
  }

  /** A count that the bytes cannot hold is a lie, and believing it would allocate gigabytes. */
  private count(little: boolean, sizeOfOne: number): number {
    const count = this.uint(little);
    this.need(count * sizeOfOne);
    return count;
  }

  private uint(little: boolean): number {
    this.need(4);
    const value = little ? this.bytes.readUInt32LE(this.offset) : this.bytes.readUInt32BE(this.offset);
    this.offset += 4;
    return value;
  }

  private double(little: boolean): number {
    this.need(8);
    const value = little ? this.bytes.readDoubleLE(this.offset) : this.bytes.readDoubleBE(this.offset);
    this.offset += 8;
    return value;
  }

  private need(size: number): void {
    if (this.offset + size > this.bytes.length) {
      throw defectError('MALFORMED', 'The bytes end in the middle of the geometry.');
    }
  }
}

/** Reads ISO WKB or EWKB from `start`. Throws GeometryError when the bytes are not that. */
export function readWkb(bytes: Buffer, start = 0): Geometry {
  return new WkbReader(bytes, start).read();
}

function hasAltitude(geometry: Geometry): boolean {
  let value: unknown =
    geometry.type === 'GeometryCollection'
      ? geometry.geometries.map((g) => ('coordinates' in g ? g.coordinates : []))
      : geometry.coordinates;
  while (Array.isArray(value) && Array.isArray(value[0])) value = value[0];
  return Array.isArray(value) && value.length > 2;
}

class WkbWriter {
  private readonly parts: Buffer[] = [];

  constructor(private readonly withZ: boolean) {}

  bytes(): Buffer {
    return this.parts.length === 1 ? (this.parts[0] as Buffer) : Buffer.concat(this.parts);
  }

  write(geometry: Geometry): this {
    const head = Buffer.allocUnsafe(5);
    head.writeUInt8(1, 0);
    head.writeUInt32LE(TYPES.indexOf(geometry.type) + 1 + (this.withZ ? 1000 : 0), 1);
    this.parts.push(head);
    switch (geometry.type) {
      case 'Point':
        return this.run([geometry.coordinates.length > 0 ? geometry.coordinates : [NaN, NaN, NaN]]);
      case 'LineString':
        return this.counted(geometry.coordinates);
      case 'Polygon':
        this.count(geometry.coordinates.length);
        for (const ring of geometry.coordinates) this.counted(ring);
        return this;
      case 'MultiPoint':
        return this.members(geometry.coordinates.map((coordinates) => ({ type: 'Point', coordinates })));
      case 'MultiLineString':
        return this.members(geometry.coordinates.map((coordinates) => ({ type: 'LineString', coordinates })));
      case 'MultiPolygon':
        return this.members(geometry.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates })));
      case 'GeometryCollection':
        return this.members(geometry.geometries);
    }
  }

  private members(geometries: Geometry[]): this {
    this.count(geometries.length);
    for (const member of geometries) this.write(member);
    return this;
  }

  private counted(line: Position[]): this {
    this.count(line.length);
    return this.run(line);
  }

  private count(count: number): void {
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeUInt32LE(count, 0);
    this.parts.push(bytes);
  }

  private run(line: Position[]): this {
    const width = this.withZ ? 3 : 2;
    const bytes = Buffer.allocUnsafe(line.length * width * 8);
    let offset = 0;
    for (const at of line) {
      for (let axis = 0; axis < width; axis++) {
        // `+ 0` turns -0 into 0, so that equal coordinates are equal bytes.
        bytes.writeDoubleLE((at[axis] ?? (axis === 2 ? 0 : NaN)) + 0, offset);
        offset += 8;
      }
    }
    this.parts.push(bytes);
    return this;
  }
}

/** ISO WKB, little endian; XYZ when the first position has an altitude, XY otherwise. */
export function writeWkb(geometry: Geometry): Buffer {
  return new WkbWriter(hasAltitude(geometry)).write(geometry).bytes();
}

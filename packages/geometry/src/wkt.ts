/** Well-known text of points and shapes, the form that a CSV cell carries and that GIS programs read. */
import {
  defectError,
  type Geometry,
  type MultiPolygon,
  type Point,
  type Polygon,
  type Position,
} from './geometry';

const NAMES = { POINT: 'Point', POLYGON: 'Polygon', MULTIPOLYGON: 'MultiPolygon' } as const;
const DEPTH = { Point: 0, Polygon: 2, MultiPolygon: 3 } as const;

/** Reads `POINT`, `POLYGON` or `MULTIPOLYGON`, with or without `SRID=4326;` and `Z`. Throws GeometryError. */
export function readWkt(text: string): Point | Polygon | MultiPolygon {
  const head = /^\s*(?:SRID=(\d+);)?\s*(POINT|POLYGON|MULTIPOLYGON)\s*(ZM|Z|M)?\s*(EMPTY|(?=\())/i.exec(text);
  if (!head) {
    throw defectError('MALFORMED', 'The text is not WKT of a POINT, POLYGON or MULTIPOLYGON.');
  }
  if (head[1] !== undefined && head[1] !== '4326') {
    throw defectError('UNKNOWN_PROJECTION', `WKT is read in EPSG:4326; this one says SRID=${head[1]}.`);
  }
  const type = NAMES[(head[2] as string).toUpperCase() as keyof typeof NAMES];
  if (head[4]?.toUpperCase() === 'EMPTY') return { type, coordinates: [] };
  const reader = new WktReader(text, head[0].length, (head[3] ?? '').toUpperCase());
  return { type, coordinates: reader.nested(DEPTH[type]) } as Point | Polygon | MultiPolygon;
}

class WktReader {
  constructor(
    private readonly text: string,
    private at: number,
    private readonly dimensions: string,
  ) {}

  nested(depth: number): unknown {
    const value = this.list(depth);
    if (this.text.slice(this.at).trim() !== '') this.fail();
    return value;
  }

  private list(depth: number): unknown {
    this.expect('(');
    if (depth === 0) {
      const position = this.position();
      this.expect(')');
      return position;
    }
    const members: unknown[] = [];
    do members.push(depth === 1 ? this.position() : this.list(depth - 1));
    while (this.comma());
    this.expect(')');
    return members;
  }

  private position(): Position {
    const match = /[^,()]+/y;
    match.lastIndex = this.at;
    const found = match.exec(this.text) ?? this.fail();
    this.at = match.lastIndex;
    const numbers = found[0].trim().split(/\s+/).map(Number);
    if (numbers.length < 2 || numbers.length > 4 || numbers.some(Number.isNaN)) this.fail();
    return numbers.slice(0, this.dimensions === 'M' ? 2 : 3);
  }

  private comma(): boolean {
    this.space();
    if (this.text[this.at] !== ',') return false;
    this.at += 1;
    return true;
  }

  private expect(sign: string): void {
    this.space();
    if (this.text[this.at] !== sign) this.fail();
    this.at += 1;
  }

  private space(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\n' || this.text[this.at] === '\t')
      this.at += 1;
  }

  private fail(): never {
    throw defectError('MALFORMED', `The WKT cannot be read from character ${this.at + 1} on.`);
  }
}

/** WKT in the shortest digits that read back as the same numbers. */
export function writeWkt(geometry: Point | Polygon | MultiPolygon): string {
  const name = geometry.type.toUpperCase();
  if (geometry.coordinates.length === 0) return `${name} EMPTY`;
  const hasZ = firstPosition(geometry).length > 2;
  const list = (value: unknown): string =>
    Array.isArray(value) && typeof value[0] === 'number'
      ? value.map((n) => String(n + 0)).join(' ')
      : `(${(value as unknown[]).map(list).join(', ')})`;
  const body = geometry.type === 'Point' ? `(${list(geometry.coordinates)})` : list(geometry.coordinates);
  return `${name}${hasZ ? ' Z ' : ' '}${body}`;
}

function firstPosition(geometry: Geometry): Position {
  let value: unknown = 'coordinates' in geometry ? geometry.coordinates : [];
  while (Array.isArray(value) && Array.isArray(value[0])) value = value[0];
  return value as Position;
}

/**
 * Where units are: the nearest ones of the other side, and how crowded it is there. A kilometre between two villages
 * is near, between two schools of a town it is far; so distance is judged by how many others are nearer.
 */

const EARTH_RADIUS_M = 6_371_008.8;
/** So many neighbours tell how crowded a place is. */
export const NEIGHBOURS = 12;

/** Metres between two places, on a sphere: up to 0.6 % off, which no threshold here sees. */
export function metresBetween(lon1: number, lat1: number, lon2: number, lat2: number): number {
  const rad = Math.PI / 180;
  const dLat = ((lat2 - lat1) * rad) / 2;
  const dLon = ((lon2 - lon1) * rad) / 2;
  const h = Math.sin(dLat) ** 2 + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(dLon) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The units of a side that have a location, in a tree over the unit sphere, so that no meridian is an edge. */
export class PlaceTree {
  readonly count: number;
  private readonly xyz: Float64Array;
  private readonly units: Int32Array;
  private readonly heapDistance = new Float64Array(NEIGHBOURS);
  private readonly heapUnit = new Int32Array(NEIGHBOURS);
  private found = 0;

  constructor(longitudes: Float64Array, latitudes: Float64Array) {
    const located: number[] = [];
    longitudes.forEach((longitude, unit) => {
      if (!Number.isNaN(longitude)) located.push(unit);
    });
    this.count = located.length;
    this.units = Int32Array.from(located);
    this.xyz = new Float64Array(longitudes.length * 3);
    for (const unit of located)
      this.xyz.set(onSphere(longitudes[unit] as number, latitudes[unit] as number), unit * 3);
    this.build(0, this.count - 1, 0);
  }

  /** The nearest units, nearest first, and how far they are in metres. Ties go to the first unit. */
  nearest(longitude: number, latitude: number): { unit: number; metres: number }[] {
    const point = onSphere(longitude, latitude);
    this.found = 0;
    this.search(point, 0, this.count - 1, 0);
    const result = Array.from({ length: this.found }, (_, at) => ({
      unit: this.heapUnit[at] as number,
      metres: 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(this.heapDistance[at] as number) / 2)),
    }));
    return result;
  }

  private build(from: number, to: number, axis: number): void {
    if (to - from < 1) return;
    const middle = (from + to) >> 1;
    this.select(from, to, middle, axis);
    const next = (axis + 1) % 3;
    this.build(from, middle - 1, next);
    this.build(middle + 1, to, next);
  }

  private at(index: number, axis: number): number {
    return this.xyz[(this.units[index] as number) * 3 + axis] as number;
  }

  /** Quickselect by the axis, then by the unit, so that equal places have one order. */
  private select(from: number, to: number, k: number, axis: number): void {
    while (from < to) {
      const pivot = this.units[(from + to) >> 1] as number;
      const value = this.xyz[pivot * 3 + axis] as number;
      let [i, j] = [from, to];
      while (i <= j) {
        while (this.before(i, value, pivot, axis)) i++;
        while (this.after(j, value, pivot, axis)) j--;
        if (i > j) break;
        const swap = this.units[i] as number;
        this.units[i++] = this.units[j] as number;
        this.units[j--] = swap;
      }
      if (k <= j) to = j;
      else if (k >= i) from = i;
      else return;
    }
  }

  private before(index: number, value: number, pivot: number, axis: number): boolean {
    const own = this.at(index, axis);
    return own < value || (own === value && (this.units[index] as number) < pivot);
  }

  private after(index: number, value: number, pivot: number, axis: number): boolean {
    const own = this.at(index, axis);
    return own > value || (own === value && (this.units[index] as number) > pivot);
  }

  private search(point: readonly number[], from: number, to: number, axis: number): void {
    if (from > to) return;
    const middle = (from + to) >> 1;
    const unit = this.units[middle] as number;
    const dx = (point[0] as number) - (this.xyz[unit * 3] as number);
    const dy = (point[1] as number) - (this.xyz[unit * 3 + 1] as number);
    const dz = (point[2] as number) - (this.xyz[unit * 3 + 2] as number);
    this.offer(unit, dx * dx + dy * dy + dz * dz);
    const gap = axis === 0 ? dx : axis === 1 ? dy : dz;
    const next = (axis + 1) % 3;
    const [near, far] =
      gap <= 0
        ? [
            [from, middle - 1],
            [middle + 1, to],
          ]
        : [
            [middle + 1, to],
            [from, middle - 1],
          ];
    this.search(point, near?.[0] as number, near?.[1] as number, next);
    if (this.found < NEIGHBOURS || gap * gap <= (this.heapDistance[this.found - 1] as number)) {
      this.search(point, far?.[0] as number, far?.[1] as number, next);
    }
  }

  /** Keeps the nearest in order: for a dozen, moving them is as fast as a heap. */
  private offer(unit: number, distance: number): void {
    const worse = (at: number) => {
      const other = this.heapDistance[at] as number;
      return other > distance || (other === distance && (this.heapUnit[at] as number) > unit);
    };
    if (this.found === NEIGHBOURS && !worse(NEIGHBOURS - 1)) return;
    let at = this.found < NEIGHBOURS ? this.found++ : NEIGHBOURS - 1;
    while (at > 0 && worse(at - 1)) {
      this.heapDistance[at] = this.heapDistance[at - 1] as number;
      this.heapUnit[at] = this.heapUnit[at - 1] as number;
      at--;
    }
    this.heapDistance[at] = distance;
    this.heapUnit[at] = unit;
  }
}

function onSphere(longitude: number, latitude: number): [number, number, number] {
  const rad = Math.PI / 180;
  const flat = Math.cos(latitude * rad);
  return [flat * Math.cos(longitude * rad), flat * Math.sin(longitude * rad), Math.sin(latitude * rad)];
}

/** Around one place: how many units of the other side are nearer than a distance, counted or estimated. */
export class Surroundings {
  /** Metres to the nearest ones, in order. */
  private readonly metres: Float64Array;

  constructor(
    nearest: readonly { metres: number }[],
    /** Units of the other side with a location. */
    private readonly total: number,
    /** Units of the other side at this very place. */
    private readonly here: number,
  ) {
    this.metres = Float64Array.from(nearest, ({ metres }) => metres);
  }

  othersWithin(distance: number): number {
    const { metres, total } = this;
    const last = metres.at(-1) ?? 0;
    const isCounted = distance <= last || metres.length === total;
    // Farther out as many as the nearest ones fill the ground, and never more than there are.
    const filled = metres.length * (distance / Math.max(last, 1)) ** 2;
    const within = isCounted
      ? metres.filter((metre) => metre <= distance + 1).length
      : Math.min(filled, total);
    return Math.max(0, Math.max(within, this.here) - 1);
  }
}

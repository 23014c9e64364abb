/**
 * Where units are: the nearest ones of the other side, and how crowded it is there. A kilometre between two villages
 * is near, between two schools of a town it is far; so distance is judged by how many others are nearer.
 */
import { Top } from './top';

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

/**
 * The units of a side that have a location, in a tree over the unit sphere, so that no meridian is an edge. The tree
 * holds each place once, with the units there: a hundred thousand units at one point are one place to look at.
 */
export class PlaceTree {
  /** Units with a location. */
  readonly count: number;
  /** By place, their units in order from unitStart[place] to unitStart[place + 1]. */
  private readonly units: Int32Array;
  private readonly unitStart: Int32Array;
  private readonly xyz: Float64Array;
  private readonly places: Int32Array;
  private readonly nearby = new Surroundings();

  constructor(longitudes: Float64Array, latitudes: Float64Array) {
    this.units = inOrderOfPlaces(longitudes, latitudes);
    this.count = this.units.length;
    const starts: number[] = [];
    this.units.forEach((unit, at) => {
      const before = at === 0 ? -1 : (this.units[at - 1] as number);
      const isHere = longitudes[unit] === longitudes[before] && latitudes[unit] === latitudes[before];
      if (!isHere) starts.push(at);
    });
    this.unitStart = Int32Array.from([...starts, this.count]);
    this.places = Int32Array.from(starts.keys());
    this.xyz = new Float64Array(starts.length * 3);
    starts.forEach((at, place) => {
      const unit = this.units[at] as number;
      this.xyz.set(onSphere(longitudes[unit] as number, latitudes[unit] as number), place * 3);
    });
    this.build(0, starts.length - 1, 0);
  }

  /** What is around a place. The object is used again by the next call. */
  around(longitude: number, latitude: number): Surroundings {
    this.nearby.begin(this.count);
    if (!Number.isNaN(longitude)) {
      this.search(onSphere(longitude, latitude), 0, this.places.length - 1, 0);
    }
    this.nearby.finish();
    return this.nearby;
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
    return this.xyz[(this.places[index] as number) * 3 + axis] as number;
  }

  /** Quickselect by the axis, then by the place, so that equal ones have one order. */
  private select(from: number, to: number, k: number, axis: number): void {
    while (from < to) {
      const pivot = this.places[(from + to) >> 1] as number;
      const value = this.xyz[pivot * 3 + axis] as number;
      let [i, j] = [from, to];
      while (i <= j) {
        while (this.before(i, value, pivot, axis)) i++;
        while (this.after(j, value, pivot, axis)) j--;
        if (i > j) break;
        const swap = this.places[i] as number;
        this.places[i++] = this.places[j] as number;
        this.places[j--] = swap;
      }
      if (k <= j) to = j;
      else if (k >= i) from = i;
      else return;
    }
  }

  private before(index: number, value: number, pivot: number, axis: number): boolean {
    const own = this.at(index, axis);
    return own < value || (own === value && (this.places[index] as number) < pivot);
  }

  private after(index: number, value: number, pivot: number, axis: number): boolean {
    const own = this.at(index, axis);
    return own > value || (own === value && (this.places[index] as number) > pivot);
  }

  private search(point: readonly number[], from: number, to: number, axis: number): void {
    if (from > to) return;
    const middle = (from + to) >> 1;
    const place = this.places[middle] as number;
    const dx = (point[0] as number) - (this.xyz[place * 3] as number);
    const dy = (point[1] as number) - (this.xyz[place * 3 + 1] as number);
    const dz = (point[2] as number) - (this.xyz[place * 3 + 2] as number);
    this.offer(place, dx * dx + dy * dy + dz * dz);
    const gap = axis === 0 ? dx : axis === 1 ? dy : dz;
    const next = (axis + 1) % 3;
    if (gap <= 0) this.search(point, from, middle - 1, next);
    else this.search(point, middle + 1, to, next);
    if (!this.nearby.reaches(gap * gap)) return;
    if (gap <= 0) this.search(point, middle + 1, to, next);
    else this.search(point, from, middle - 1, next);
  }

  private offer(place: number, distance: number): void {
    if (!this.nearby.reaches(distance)) return;
    const [from, to] = [this.unitStart[place] as number, this.unitStart[place + 1] as number];
    for (let at = from; at < Math.min(to, from + NEIGHBOURS); at++) {
      this.nearby.offer(this.units[at] as number, distance);
    }
    if (distance === 0) this.nearby.here += to - from;
  }
}

function inOrderOfPlaces(longitudes: Float64Array, latitudes: Float64Array): Int32Array {
  const located: number[] = [];
  longitudes.forEach((longitude, unit) => {
    if (!Number.isNaN(longitude)) located.push(unit);
  });
  return Int32Array.from(located).sort(
    (a, b) =>
      (longitudes[a] as number) - (longitudes[b] as number) ||
      (latitudes[a] as number) - (latitudes[b] as number) ||
      a - b,
  );
}

function onSphere(longitude: number, latitude: number): [number, number, number] {
  const rad = Math.PI / 180;
  const flat = Math.cos(latitude * rad);
  return [flat * Math.cos(longitude * rad), flat * Math.sin(longitude * rad), Math.sin(latitude * rad)];
}

/** Around one place: the nearest units of the other side, and how many are nearer than a distance. */
export class Surroundings {
  /** Units of the other side at this very place. */
  here = 0;
  /** Weighed by the squares of straight lines through the unit sphere, below 0. */
  private readonly nearest = new Top(NEIGHBOURS);
  private readonly metres = new Float64Array(NEIGHBOURS);
  /** Units of the other side with a location. */
  private total = 0;

  begin(total: number): void {
    this.total = total;
    this.here = 0;
    this.nearest.clear();
  }

  /** Whether something so far away can be among the nearest. */
  reaches(distance: number): boolean {
    return -distance >= this.nearest.least;
  }

  offer(unit: number, distance: number): void {
    this.nearest.offer(unit, -distance);
  }

  finish(): void {
    for (let at = 0; at < this.nearest.count; at++) {
      const half = Math.sqrt(-(this.nearest.weights[at] as number)) / 2;
      this.metres[at] = 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, half));
    }
  }

  /** How many of the nearest there are, and which, nearest first. */
  get found(): number {
    return this.nearest.count;
  }

  unit(at: number): number {
    return this.nearest.units[at] as number;
  }

  /** Counted as far as the nearest ones reach, estimated beyond. */
  othersWithin(distance: number): number {
    const { metres, found, total } = this;
    const last = found === 0 ? 0 : (metres[found - 1] as number);
    let within = 0;
    if (distance <= last || found === total) {
      while (within < found && (metres[within] as number) <= distance + 1) within++;
    } else {
      // Farther out as many as the nearest ones fill the ground, and never more than there are.
      within = Math.min(found * (distance / Math.max(last, 1)) ** 2, total);
    }
    return Math.max(0, Math.max(within, this.here) - 1);
  }
}

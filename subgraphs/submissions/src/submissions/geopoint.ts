/** Where a submission was made, from the text that phones send for a geopoint. */

export interface Measured {
  longitude: number;
  latitude: number;
  /** Metres. */
  altitude: number | null;
  /** Radius in metres. */
  accuracy: number | null;
}

/**
 * `latitude longitude altitude accuracy`, the last two may be absent; undefined for anything else. Exactly 0 is a
 * coordinate like any other.
 */
export function readGeopoint(text: string): Measured | undefined {
  const parts = text.trim().split(/\s+/);
  if (parts.length < 2 || parts.length > 4 || parts.some((part) => !/^-?\d+(\.\d+)?(e-?\d+)?$/i.test(part))) {
    return undefined;
  }
  const [latitude = Number.NaN, longitude = Number.NaN, altitude = null, accuracy = null] = parts.map(Number);
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return undefined;
  return { longitude: longitude + 0, latitude: latitude + 0, altitude, accuracy };
}

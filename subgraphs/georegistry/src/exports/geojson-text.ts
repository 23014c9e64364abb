/**
 * Units as a GeoJSON FeatureCollection (RFC 7946), one feature a line. The geometry is the shape where there is one,
 * otherwise the location; a unit that has both keeps its location in the properties, so that neither hides the other.
 */
import { Readable } from 'node:stream';
import type { ExportedUnit } from './exported-unit';

export function geoJsonFeature(unit: ExportedUnit): string {
  const { shape, reference, ...properties } = unit;
  return JSON.stringify({
    type: 'Feature',
    id: reference,
    geometry: shape ?? pointOf(unit),
    properties: { reference, ...properties },
  });
}

function pointOf({ longitude, latitude, altitude }: ExportedUnit) {
  if (longitude === null || latitude === null) return null;
  return {
    type: 'Point',
    coordinates: altitude === null ? [longitude, latitude] : [longitude, latitude, altitude],
  };
}

export function geoJsonText(batches: AsyncIterable<readonly ExportedUnit[]>): Readable {
  return collectionText(batches, geoJsonFeature);
}

/** Features as they are, in a FeatureCollection. */
export function featureCollection(batches: AsyncIterable<readonly object[]>): Readable {
  return collectionText(batches, (feature) => JSON.stringify(feature));
}

function collectionText<Item>(
  batches: AsyncIterable<readonly Item[]>,
  featureText: (item: Item) => string,
): Readable {
  async function* text() {
    yield '{"type":"FeatureCollection","features":[';
    let separator = '\n';
    for await (const items of batches) {
      let piece = '';
      for (const item of items) {
        piece += separator + featureText(item);
        separator = ',\n';
      }
      if (piece !== '') yield piece;
    }
    yield '\n]}\n';
  }
  return Readable.from(text(), { objectMode: false, encoding: 'utf8' });
}

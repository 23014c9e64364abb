import { readGeopoint } from './geopoint';

it.each([
  ['-4.32 15.31 280.5 4.2', { latitude: -4.32, longitude: 15.31, altitude: 280.5, accuracy: 4.2 }],
  [' 0 0 ', { latitude: 0, longitude: 0, altitude: null, accuracy: null }],
  ['-0 179.99 0', { latitude: 0, longitude: 179.99, altitude: 0, accuracy: null }],
  ['91 0', undefined],
  ['0 180.5 0 0', undefined],
  ['1', undefined],
  ['1 2 3 4 5', undefined],
  ['1,5 2', undefined],
  ['NaN 2', undefined],
  ['', undefined],
])('the geopoint %j is read as %j', (text, expected) => {
  expect(readGeopoint(text)).toEqual(expected);
});

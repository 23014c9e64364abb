/** What a shape answers of itself beside its outline. */
import { type TestRegistry, testRegistry } from '../testing/registry';
import { Story } from '../testing/story';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await testRegistry();
});
afterAll(() => registry.close());

it('its bounds are west, south, east and north, its centroid may lie beside it, and there is a place inside', async () => {
  const source = await new Story(registry).source();
  const crescent = {
    type: 'Polygon',
    coordinates: [
      [
        [30, -10],
        [40, -10],
        [40, 0],
        [30, 0],
        [30, -1],
        [39, -1],
        [39, -9],
        [30, -9],
        [30, -10],
      ],
    ],
  };
  const unit = await new Story(registry).unit(source.id, { name: 'crescent', shape: crescent });
  const { orgUnit } = await registry.data(
    `query ($id: ID!) { orgUnit(id: $id) { shape {
      bounds { west south east north } centroid { longitude latitude } pointInside { longitude latitude } } } }`,
    { id: unit.unitId },
  );
  const { bounds, centroid, pointInside } = orgUnit.shape;
  expect(bounds).toEqual({ west: 30, south: -10, east: 40, north: 0 });
  expect(centroid.latitude).toBeCloseTo(-5, 6);
  expect(centroid.longitude).toBeLessThan(39);
  expect(pointInside.longitude).toBeGreaterThan(39);
});

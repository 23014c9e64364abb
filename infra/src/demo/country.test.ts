import { checkShape, geodesicArea, prepareShape } from '@iroko/geometry';
import type { Shape } from './borders';
import { makeCountry, shapesOf } from './country';
import { CHANGES, secondVersion } from './second-version';
import type { DemoUnit } from './units';

const country = makeCountry('kelandi');
const shapes = new Map(shapesOf(country));
const byReference = new Map(country.units.map((unit) => [unit.reference, unit]));
const ofLevel = (level: number) => country.units.filter((unit) => unit.level === level);
const shapeOf = (unit: DemoUnit) => shapes.get(unit.reference) as Shape;

describe('the invented country', () => {
  it('has about five thousand units on five levels', () => {
    expect(ofLevel(1)).toHaveLength(1);
    expect(ofLevel(2)).toHaveLength(9);
    expect(ofLevel(3).length).toBeGreaterThan(50);
    expect(ofLevel(4)).toHaveLength(430);
    expect(ofLevel(5)).toHaveLength(4500);
    expect(byReference.size).toBe(country.units.length);
  });

  it('is the same for the same seed and another for another', () => {
    const small = { regions: 3, districts: 6, subDistricts: 40, facilities: 60 };
    expect(makeCountry('one', small).units).toEqual(makeCountry('one', small).units);
    expect(makeCountry('one', small).units).not.toEqual(makeCountry('two', small).units);
  });

  it('gives every unit but the country a parent one level above', () => {
    for (const unit of country.units) {
      const parent = unit.parent === null ? undefined : byReference.get(unit.parent);
      expect(parent?.level ?? 0).toBe(unit.level - 1);
    }
  });

  it('gives every area a valid shape', () => {
    expect(shapes.size).toBe(country.units.length - ofLevel(5).length);
    for (const shape of shapes.values()) expect(checkShape(shape)).toBeNull();
  });

  it('leaves no gap and no overlap: the areas of the parts are the area of the whole', () => {
    for (const unit of country.units.filter((u) => u.level < 4)) {
      const parts = country.units.filter((child) => child.parent === unit.reference);
      const sum = parts.reduce((area, child) => area + geodesicArea(shapeOf(child)), 0);
      expect(sum / geodesicArea(shapeOf(unit))).toBeCloseTo(1, 9);
    }
  });

  it('shares every inner border vertex by vertex: each stretch of it stands in exactly two districts', () => {
    const stretches = new Map<string, number>();
    for (const shape of ofLevel(4).map(shapeOf)) {
      for (const ring of shape.coordinates.flat()) {
        for (let i = 0; i + 1 < ring.length; i += 1) {
          const key = [String(ring[i]), String(ring[i + 1])].sort().join(' ');
          stretches.set(key, (stretches.get(key) ?? 0) + 1);
        }
      }
    }
    const coast = shapeOf(ofLevel(1)[0] as DemoUnit).coordinates.flat();
    const coastLength = coast.reduce((sum, ring) => sum + ring.length - 1, 0);
    const alone = [...stretches.values()].filter((count) => count === 1).length;
    expect(Math.max(...stretches.values())).toBe(2);
    expect(alone).toBe(coastLength);
  });

  it('puts every surveyed facility inside its sub-district, a few metres above the sea or more', () => {
    const inside = new Map(ofLevel(4).map((unit) => [unit.reference, prepareShape(shapeOf(unit))]));
    for (const { parent, location } of ofLevel(5)) {
      if (!location) continue;
      expect(inside.get(parent ?? '')?.([location.longitude, location.latitude])).toBe(true);
      expect(location.altitude).toBeGreaterThanOrEqual(2);
    }
    expect(ofLevel(5).filter((unit) => !unit.location).length).toBeGreaterThan(5);
  });

  it('lies on both sides of the equator and of the prime meridian', () => {
    const points = ofLevel(5).flatMap((unit) => unit.location ?? []);
    for (const coordinate of ['longitude', 'latitude'] as const) {
      expect(points.some((point) => point[coordinate] < -0.5)).toBe(true);
      expect(points.some((point) => point[coordinate] > 0.5)).toBe(true);
    }
  });

  it('has names with accents, and the same name in several districts', () => {
    const names = ofLevel(4).map((unit) => unit.name);
    expect(names.some((name) => /[À-ÿ]/.test(name))).toBe(true);
    expect(names.some((name) => /[ɔɛŋ]/.test(name))).toBe(true);
    expect(new Set(names).size).toBeLessThan(names.length - 20);
  });
});

describe('its second version', () => {
  const later = secondVersion(country);
  const laterUnits = new Map(later.units.map((unit) => [unit.reference, unit]));
  const changed = country.units.filter((unit) => {
    const now = laterUnits.get(unit.reference);
    return now && JSON.stringify(now) !== JSON.stringify(unit);
  });

  it('leaves the first as it was', () => {
    expect(makeCountry('kelandi').units).toEqual(country.units);
  });

  it('renames, moves, closes, opens and removes as many units as it says', () => {
    const removed = country.units.filter((unit) => !laterUnits.has(unit.reference));
    const added = later.units.filter((unit) => !byReference.has(unit.reference));
    const before = (unit: DemoUnit) => byReference.get(unit.reference) as DemoUnit;
    const now = changed.map((unit) => laterUnits.get(unit.reference) as DemoUnit);
    expect(removed).toHaveLength(CHANGES.removed);
    expect(added).toHaveLength(CHANGES.opened);
    expect(now.filter((unit) => unit.name !== before(unit).name)).toHaveLength(CHANGES.renamed);
    expect(now.filter((unit) => unit.closedOn !== before(unit).closedOn)).toHaveLength(CHANGES.closed);
    // One sub-district changed its district; of the facilities some lie at the coast and may stay.
    expect(now.filter((unit) => unit.level === 4 && unit.parent !== before(unit).parent)).toHaveLength(1);
    expect(
      now.filter((unit) => unit.level === 5 && unit.parent !== before(unit).parent).length,
    ).toBeGreaterThan(15);
  });

  it('changes the shapes of the two districts between which a border moved, and of no other', () => {
    const moved = new Map(shapesOf(later));
    const different = [...shapes].filter(([reference, shape]) => {
      return JSON.stringify(moved.get(reference)) !== JSON.stringify(shape);
    });
    expect(different.map(([reference]) => byReference.get(reference)?.level)).toEqual([3, 3]);
    for (const [reference] of different) expect(checkShape(moved.get(reference) as Shape)).toBeNull();
  });

  it('has a parent in itself for every unit', () => {
    for (const unit of later.units) if (unit.parent) expect(laterUnits.has(unit.parent)).toBe(true);
  });
});

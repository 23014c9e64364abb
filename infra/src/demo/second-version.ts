/**
 * What happened in Kelandi after the first version was released: a border moved between two districts,
 * facilities were renamed, moved, closed, opened, and better surveyed. Few changes in many units, as in a
 * real register, so that comparing the two versions has something to show.
 */
import { placeName } from './names';
import { randomFor } from './random';
import type { DemoCountry, DemoUnit } from './units';

/** How many units each kind of change touches. */
export const CHANGES = { renamed: 40, moved: 25, removed: 15, closed: 20, resurveyed: 30, opened: 30 };

/** The country a year later. The given one stays as it is. */
export function secondVersion(country: DemoCountry): DemoCountry {
  const random = randomFor(country.seed, 'second version');
  const units = new Map(country.units.map((unit) => [unit.reference, { ...unit }]));
  const subDistricts = country.subDistricts.map((entry) => ({
    ...entry,
    unit: units.get(entry.unit.reference) as DemoUnit,
  }));
  const next: DemoCountry = { ...country, subDistricts, units: [] };
  moveBorder(next, units);
  const open = random.shuffled([...units.values()].filter((unit) => unit.level === 5 && !unit.closedOn));
  const take = (count: number) => open.splice(0, count);
  for (const unit of take(CHANGES.renamed)) unit.name = `${unit.name} (${placeName(random, 'COAST', 0)})`;
  for (const unit of take(CHANGES.moved)) {
    const home = subDistricts.find((entry) => entry.unit.reference === unit.parent);
    const near = subDistricts.find((entry) => entry.cell.index === random.pick(home?.cell.neighbours ?? []));
    if (near) unit.parent = near.unit.reference;
  }
  for (const unit of take(CHANGES.removed)) units.delete(unit.reference);
  for (const unit of take(CHANGES.closed)) unit.closedOn = '2025-06-30';
  for (const unit of take(CHANGES.resurveyed)) {
    if (!unit.location) continue;
    const shift = () => random.between(-0.002, 0.002);
    const round = (value: number) => Math.round(value * 1e6) / 1e6;
    unit.location = {
      ...unit.location,
      longitude: round(unit.location.longitude + shift()),
      latitude: round(unit.location.latitude + shift()),
    };
  }
  take(CHANGES.opened).forEach((model, i) => {
    const reference = `F9${String(i + 1).padStart(5, '0')}`;
    const name = `${model.name} Annexe`;
    units.set(reference, { ...model, reference, name, aliases: [], code: null, openedOn: '2025-09-01' });
  });
  next.units = [...units.values()];
  return next;
}

/** Gives the first sub-district that touches another district of its region to that district. */
function moveBorder(country: DemoCountry, units: Map<string, DemoUnit>): void {
  const byCell = new Map(country.subDistricts.map((entry) => [entry.cell.index, entry.unit]));
  const size = new Map<string, number>();
  for (const { unit } of country.subDistricts)
    size.set(unit.parent ?? '', (size.get(unit.parent ?? '') ?? 0) + 1);
  for (const { unit, cell } of country.subDistricts) {
    if ((size.get(unit.parent ?? '') ?? 0) < 3) continue;
    const region = units.get(unit.parent ?? '')?.parent;
    const neighbour = cell.neighbours
      .map((index) => byCell.get(index))
      .find(
        (other) => other && other.parent !== unit.parent && units.get(other.parent ?? '')?.parent === region,
      );
    if (!neighbour) continue;
    unit.parent = neighbour.parent;
    return;
  }
}

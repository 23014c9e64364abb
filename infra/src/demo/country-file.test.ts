import { Readable } from 'node:stream';
import { checkShape, readWkt, toShape } from '@iroko/geometry';
import { detectDialect, readCsv, type TableRow } from '@iroko/tabular';
import { makeCountry, shapesOf } from './country';
import { COUNTRY_MAPPING, countryFile } from './country-file';

const country = makeCountry('file', { regions: 3, districts: 8, subDistricts: 40, facilities: 120 });
const text = countryFile(country);
const open = async () => Readable.from([Buffer.from(text)]);

async function rows(): Promise<{ columns: string[]; units: TableRow[] }> {
  const all: TableRow[] = [];
  for await (const batch of readCsv(open, await detectDialect(open))) all.push(...batch);
  return { columns: all[0]?.cells ?? [], units: all.slice(1) };
}

describe('the file of the invented country', () => {
  it('is told for what it is without help: commas, UTF-8, points, a header', async () => {
    expect(await detectDialect(open)).toMatchObject({
      separator: ',',
      encoding: 'UTF_8',
      decimalSign: 'POINT',
      header: true,
    });
  });

  it('has every column that the mapping names, and a row for every unit in the order of the tree', async () => {
    const { columns, units } = await rows();
    const { newStatus: _, ...named } = COUNTRY_MAPPING;
    expect([...columns].sort()).toEqual(Object.values(named).sort());
    const reference = columns.indexOf('reference');
    expect(units.map((row) => row.cells[reference])).toEqual(country.units.map((unit) => unit.reference));
  });

  it('holds every shape, to the last vertex', async () => {
    const { columns, units } = await rows();
    const shapes = new Map(shapesOf(country));
    for (const { cells } of units) {
      const shape = shapes.get(cells[columns.indexOf('reference')] as string);
      const wkt = cells[columns.indexOf('shape')] as string;
      if (!shape) expect(wkt).toBe('');
      else expect(toShape(readWkt(wkt))).toEqual(shape);
      if (shape) expect(checkShape(toShape(readWkt(wkt)))).toBeNull();
    }
  });
});

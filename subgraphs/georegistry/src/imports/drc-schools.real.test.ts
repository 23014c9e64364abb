import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ImportGround, importGround } from '../testing/imports';

const folder = join(__dirname, '../../../../../shared/data/org-units');

describe('the schools of DR Congo', () => {
  const file = readFileSync(join(folder, 'drc-schools.csv'));
  const mapping = JSON.parse(readFileSync(join(folder, 'drc-schools.recipe.json'), 'utf8'));
  let ground: ImportGround;
  beforeEach(async () => {
    ground = await importGround();
  });
  afterEach(() => ground.close());

  it('are 6,672 units with their 291 ancestors when exact duplicate rows are dropped, and the same again', async () => {
    const report = await ground.report(file, mapping);
    expect(report).toMatchObject({ rows: 6396, ancestors: 291, units: { added: 6672 } });
    expect(report.duplicates.count).toBe(15);
    expect(report.duplicates.lines[0]).toEqual({ line: 259, firstLine: 258 });
    const again = await ground.report(file, mapping);
    expect(again.units).toEqual({ added: 0, changed: 0, moved: 0, removed: 0, same: 6672, kept: 0 });
    expect(again.matched).toMatchObject({ IDENTITY_AND_COORDINATES: 6672 });
  });

  it('are 6,687 units when duplicates are kept', async () => {
    const report = await ground.report(file, { ...mapping, duplicates: 'KEEP' });
    expect(report).toMatchObject({ duplicates: { count: 0 }, units: { added: 6687 } });
  });
});

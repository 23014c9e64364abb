import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTENT_TYPES, contentTypeOf, SNIFFED_BYTES } from './content-type';

const data = process.env.IROKO_REAL_DATA ?? join(__dirname, '../../../../shared/data');

it.each([
  ['org-units/drc-schools.csv', CONTENT_TYPES.csv],
  ['org-units/burkina-faso.gpkg', CONTENT_TYPES.geopackage],
  ['org-units/gpkg-missing_column_name.gpkg', CONTENT_TYPES.geopackage],
  ['org-units/drc-schools.recipe.json', CONTENT_TYPES.json],
  ['forms/client-survey.xlsx', CONTENT_TYPES.xlsx],
  ['forms/health-facility.xlsx', CONTENT_TYPES.xlsx],
  ['forms/morbidity-counts.xlsx', CONTENT_TYPES.xlsx],
  ['forms/submission-repeat-group.xml', CONTENT_TYPES.xml],
  ['dhis2/orgunits.json', CONTENT_TYPES.json],
])('%s is known by its bytes', (path, expected) => {
  const bytes = readFileSync(join(data, path));
  expect(contentTypeOf(bytes.subarray(0, SNIFFED_BYTES), bytes.subarray(-SNIFFED_BYTES))).toBe(expected);
});

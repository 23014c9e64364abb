/**
 * A first guess of what columns mean, from their names alone, for a person to correct. Words of English, French,
 * Portuguese and Spanish, and the columns of our own exports.
 */
import { textKey } from '@iroko/text';

/** In the order in which columns are looked for; the first column that fits takes the field. */
const WORDS: readonly [string, RegExp][] = [
  ['reference', /^(reference|ref|source ?ref|external ?id|uid|id|numero secope|code source)$/],
  ['parentReference', /^(parent ?(reference|ref|id|uid)|id parent)$/],
  [
    'name',
    /^(name|nom|nome|nombre|libelle|structure|etablissement|ecole|school|facility|escola|formation sanitaire|fosa|(nom|name|nome)( de l[ ']?| du | da | do | of )?(ecole|structure|etablissement|formation sanitaire|fosa|unit|school|facility|escola).*|.* name)$/,
  ],
  ['longitude', /^((gps )?(longitude|long|lon|lng|x)( gps)?)$/],
  ['latitude', /^((gps )?(latitude|lat|y)( gps)?)$/],
  ['altitude', /^((gps )?(altitude|alt|elevation|z)( gps)?)$/],
  ['type', /^(type|org ?unit ?type|type de structure|tipo)$/],
  ['code', /^(code|codigo|code .*)$/],
  ['status', /^(status|statut|validation ?status|estado)$/],
  ['aliases', /^(aliases|alias|autres noms|other names|outros nomes)$/],
  ['openingDate', /^(opening ?date|opened|(date (d[ ']|de )?)?ouverture|(data de )?abertura)$/],
  ['closedDate', /^(closed ?date|closing ?date|closed|(date (de )?)?fermeture|(data de )?encerramento)$/],
  ['groups', /^(groups|group|groupes|groupe|grupos|grupo)$/],
  ['attributesObject', /^attributes$/],
  ['shape', /^(shape|geometry|wkt|geojson|geom|geometrie)$/],
];

/** Columns of administrative levels, the outermost first. */
const LEVELS = [
  /^(country|pays|pais)$/,
  /^(region|province|provincia|departement|state|estado|admin ?1.*|.*provinc.*)$/,
  /^(district|zone de sante|zone|proved|division|distrito|admin ?2.*)$/,
  /^(sub ?district|aire de sante|aire|sproved|sous ?division|commune|admin ?3.*)$/,
  /^(village|localite|quartier|town|aldeia)$/,
];

export interface SuggestedMapping {
  fields: Record<string, string>;
  parents: string[];
}

/** Each column is suggested once. Ancestors are left out where a parent's reference is there. */
export function suggestMapping(columns: readonly string[]): SuggestedMapping {
  const left = new Map(
    columns.map((column) => [textKey(column.replace(/[_\-.]+/g, ' ')).replace(/[’']/g, ' '), column]),
  );
  const fields: Record<string, string> = {};
  for (const [field, words] of WORDS) {
    for (const [key, column] of left) {
      if (!words.test(key) || (field === 'name' && LEVELS.some((level) => level.test(key)))) continue;
      fields[field] = column;
      left.delete(key);
      break;
    }
  }
  if (fields.parentReference !== undefined && fields.reference === undefined) delete fields.parentReference;
  if (fields.longitude === undefined || fields.latitude === undefined) {
    for (const field of ['longitude', 'latitude', 'altitude']) delete fields[field];
  }
  const parents =
    fields.parentReference === undefined
      ? LEVELS.flatMap((level) => {
          const found = [...left].find(([key]) => level.test(key));
          if (found) left.delete(found[0]);
          return found ? [found[1]] : [];
        })
      : [];
  return { fields, parents };
}

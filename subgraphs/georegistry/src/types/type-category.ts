/** What part a type plays in a country's health system; programs ask for it where names differ by country. */
import { registerEnumType } from 'type-graphql';

export enum TypeCategory {
  COUNTRY = 'COUNTRY',
  REGION = 'REGION',
  DISTRICT = 'DISTRICT',
  HEALTH_FACILITY = 'HEALTH_FACILITY',
}
registerEnumType(TypeCategory, {
  name: 'OrgUnitTypeCategory',
  description: 'What part a type plays, whatever it is called.',
  valuesConfig: {
    COUNTRY: { description: 'A country.' },
    REGION: { description: 'Right below a country.' },
    DISTRICT: { description: 'A health district or zone.' },
    HEALTH_FACILITY: { description: 'A place where care is given.' },
  },
});

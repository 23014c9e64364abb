export { emptyDatabaseUrl, testDatabaseUrl } from '@iroko/database';
export { type GeoPackageFixture, type LayerFixture, makeGeoPackage } from './make-geopackage';
export { seedSession, signTestToken } from './seed/access-tokens';
export {
  SEEDED_PASSWORD,
  type SeedAccountOptions,
  type SeededAccount,
  type SeededMember,
  type SeededScope,
  type SeedMemberOptions,
  seedAccount,
  seedMember,
  seedMembership,
  seedTwins,
} from './seed/account';
export { type SeededUnits, type SeedUnitsOptions, seedReleasedUnits } from './seed/released-units';
export { statementsMatching } from './statements';
export { tamperings } from './tampering';
export { testDatabase } from './test-database';

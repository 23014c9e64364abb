export { emptyDatabaseUrl, testDatabaseUrl } from '@iroko/database';

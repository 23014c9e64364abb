/** What the set-up of a test run and the tests themselves agree on. */
export const testRun = {
  /** Environment variable: address of the server of this test run. */
  serverVariable: 'IROKO_TEST_SERVER',
  /** Environment variable: why there is no such server. */
  faultVariable: 'IROKO_TEST_SETUP_FAULT',
  /** The migrated database that every test file copies. */
  templateDatabase: 'iroko_template',
} as const;

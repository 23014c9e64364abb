/**
 * `@apollo/gateway` sends metrics to its maker unless this is set when it is loaded. Nothing of ours phones
 * home, so this file is imported before it.
 */
process.env.APOLLO_TELEMETRY_DISABLED = '1';

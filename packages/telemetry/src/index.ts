export { createLogger, type Logger, silentLogger } from './log';
export { counter, durationHistogram, gauge, registry, renderMetrics } from './metrics';

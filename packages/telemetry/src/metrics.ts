/**
 * Metrics in Prometheus' format. Names begin with `iroko_`; times are in seconds, sizes in bytes.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export const registry = new Registry();

let defaultsCollected = false;

/** The text of all metrics; the first call begins to collect those of the process. */
export async function renderMetrics(): Promise<{ contentType: string; body: string }> {
  if (!defaultsCollected) {
    collectDefaultMetrics({ register: registry, prefix: 'iroko_' });
    defaultsCollected = true;
  }
  return { contentType: registry.contentType, body: await registry.metrics() };
}

export function counter<Label extends string = never>(
  name: string,
  help: string,
  labels: Label[] = [],
): Counter<Label> {
  return new Counter({ name: `iroko_${name}`, help, labelNames: labels, registers: [registry] });
}

export function gauge<Label extends string = never>(
  name: string,
  help: string,
  labels: Label[] = [],
): Gauge<Label> {
  return new Gauge({ name: `iroko_${name}`, help, labelNames: labels, registers: [registry] });
}

/** Buckets suit work between a millisecond and ten seconds. */
export function durationHistogram<Label extends string = never>(
  name: string,
  help: string,
  labels: Label[] = [],
): Histogram<Label> {
  return new Histogram({
    name: `iroko_${name}_seconds`,
    help,
    labelNames: labels,
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
    registers: [registry],
  });
}

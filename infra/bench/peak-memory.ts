/** The largest resident size a process ever had, as the system counts it. */
import { readFileSync } from 'node:fs';

/** In MiB; null where /proc does not exist. */
export function peakRssMb(pid: number): number | null {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line ? Math.round(Number(line[1]) / 1024) : null;
  } catch {
    return null;
  }
}

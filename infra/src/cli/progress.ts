/**
 * How far a job is, on one line that is redrawn in a terminal. Where the output goes to a file, a line now and
 * then instead: a log full of carriage returns is no log.
 */
export interface Progress {
  done: number;
  /** Null while unknown. */
  total: number | null;
  unit: string | null;
  message: string | null;
}

const BAR_LENGTH = 24;

/** Thousands apart, as in 1 234 567: the same everywhere. */
export function grouped(number: number): string {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** `1 row`, `2 rows`. */
export function counted(number: number, one: string): string {
  return `${grouped(number)} ${one}${number === 1 ? '' : 's'}`;
}

/** `[######------]  50 %  500 of 1 000 rows  Reading`, cut to `width`. */
export function progressLine({ done, total, unit, message }: Progress, width = 80): string {
  const words = [unit ?? '', message ?? ''].filter(Boolean);
  if (total === null || total <= 0) {
    const parts = done > 0 ? [grouped(done), ...words] : [message ?? 'Working'];
    return parts.join(' ').slice(0, width);
  }
  const share = Math.min(1, Math.max(0, done / total));
  const filled = Math.round(share * BAR_LENGTH);
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR_LENGTH - filled)}]`;
  // 100 % is said only when it is so.
  const percent = String(Math.floor(share * 100)).padStart(3);
  return [bar, `${percent} %`, `${grouped(done)} of ${grouped(total)}`, ...words].join(' ').slice(0, width);
}

export interface ProgressOutput {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export class ProgressView {
  private shown = '';
  private lastTenth = -1;
  private lastMessage: string | null = null;

  constructor(private readonly output: ProgressOutput) {}

  show(progress: Progress): void {
    if (!this.output.isTTY) {
      this.log(progress);
      return;
    }
    const line = progressLine(progress, Math.max(20, (this.output.columns ?? 80) - 1));
    if (line === this.shown) return;
    this.output.write(`\r${line.padEnd(this.shown.length)}`);
    this.shown = line;
  }

  /** Leaves the line, so that what follows starts on one of its own. */
  end(): void {
    if (this.shown) this.output.write('\n');
    this.shown = '';
  }

  private log(progress: Progress): void {
    const tenth = progress.total ? Math.floor((progress.done / progress.total) * 10) : -1;
    if (tenth === this.lastTenth && progress.message === this.lastMessage) return;
    this.lastTenth = tenth;
    this.lastMessage = progress.message;
    this.output.write(`${progressLine(progress, 200)}\n`);
  }
}

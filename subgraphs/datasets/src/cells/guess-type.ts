/**
 * Which type a column has, from its cells. A type is guessed only when every cell fits it; a person may say
 * otherwise. Codes with zeros in front (`007`) are text: as numbers they would lose them.
 */
import type { CellHabits, FieldType } from './field-type';
import { booleanOf, exactNumber, isDefect, readCell } from './read-cell';

/** In the order of preference: the narrowest that fits. */
const CANDIDATES = ['BOOLEAN', 'INTEGER', 'DECIMAL', 'DATE', 'DATE_TIME'] as const;
type Candidate = (typeof CANDIDATES)[number];

export class TypeGuess {
  private left: Candidate[] = [...CANDIDATES];
  private seen = 0;

  constructor(private readonly habits: CellHabits) {}

  /** Looks at one more cell; empty ones tell nothing. */
  add(cell: string): void {
    if (this.left.length === 0 && this.seen > 0) return;
    const text = cell.trim();
    if (text === '') return;
    this.seen++;
    this.left = this.left.filter((type) => this.fits(text, type));
  }

  /** Whether every cell so far was empty. */
  get isEmpty(): boolean {
    return this.seen === 0;
  }

  get type(): FieldType {
    return this.seen === 0 ? 'TEXT' : (this.left[0] ?? 'TEXT');
  }

  private fits(text: string, type: Candidate): boolean {
    switch (type) {
      case 'BOOLEAN':
        // 0 and 1 are counted more often than answered.
        return booleanOf(text) !== undefined && !/^[01]$/.test(text) && text.length > 1;
      case 'INTEGER':
      case 'DECIMAL': {
        const number = exactNumber(text, this.habits);
        return (
          number !== undefined && !/^[+-]?0\d/.test(text) && (type === 'DECIMAL' || !number.includes('.'))
        );
      }
      case 'DATE':
        return !/\d:\d/.test(text) && !isDefect(readCell(text, type, this.habits));
      case 'DATE_TIME':
        return !isDefect(readCell(text, type, this.habits));
    }
  }
}

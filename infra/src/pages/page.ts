/** Pages of `docs/` that are printed from lists in the code, so that they cannot fall behind it. */
export interface Page {
  /** Below `docs/`. */
  file: string;
  render(): string;
}

/** A Markdown table; a `|` in a cell is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Several values in one cell: `a|b`, or a JSON list where a value holds the sign itself. */

/** The values, trimmed, empty ones left out; undefined when the cell begins as a JSON list and is none of texts. */
export function readCellList(cell: string): string[] | undefined {
  if (cell === '') return [];
  if (!cell.startsWith('[')) return clean(cell.split('|'));
  try {
    const list: unknown = JSON.parse(cell);
    return Array.isArray(list) && list.every((value) => typeof value === 'string') ? clean(list) : undefined;
  } catch {
    // A name may begin with a bracket.
    return clean(cell.split('|'));
  }
}

function clean(values: string[]): string[] {
  return [...new Set(values.map((value) => value.trim()).filter((value) => value !== ''))];
}

/** The cell that reads back as these values. */
export function writeCellList(values: readonly string[]): string {
  const isPlain = values.every((value) => !value.includes('|') && !value.startsWith('['));
  return isPlain ? values.join('|') : JSON.stringify(values);
}

/** Names for columns, since real files have headers with nothing in them, or the same word twice. */

/**
 * One unique name per column: trimmed; an empty one becomes `Column 7` (counted from 1), a repeated one `Name (2)`.
 */
export function columnNames(cells: readonly string[]): string[] {
  const taken = new Set<string>();
  return cells.map((cell, i) => {
    const base = cell.trim() === '' ? `Column ${i + 1}` : cell.trim();
    let name = base;
    for (let copy = 2; taken.has(name); copy++) name = `${base} (${copy})`;
    taken.add(name);
    return name;
  });
}

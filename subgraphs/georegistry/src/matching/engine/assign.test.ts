import fc from 'fast-check';
import { assign } from './assign';

type Matrix = (number | null)[][];

function sparse(matrix: Matrix) {
  const start = [0];
  const right: number[] = [];
  const worth: number[] = [];
  for (const row of matrix) {
    row.forEach((value, column) => {
      if (value === null || value <= 0) return;
      right.push(column);
      worth.push(value);
    });
    start.push(right.length);
  }
  return { start: Int32Array.from(start), right: Int32Array.from(right), worth: Float64Array.from(worth) };
}

const total = (matrix: Matrix, partner: Int32Array): number =>
  partner.reduce((sum, column, row) => sum + (column < 0 ? 0 : (matrix[row]?.[column] ?? Number.NaN)), 0);

/** By trying all. */
function best(matrix: Matrix, row = 0, taken = 0): number {
  if (row === matrix.length) return 0;
  let most = best(matrix, row + 1, taken);
  matrix[row]?.forEach((value, column) => {
    if (value === null || value <= 0 || (taken & (1 << column)) !== 0) return;
    most = Math.max(most, value + best(matrix, row + 1, taken | (1 << column)));
  });
  return most;
}

const matrices = fc.integer({ min: 0, max: 6 }).chain((columns) =>
  fc.array(
    fc.array(fc.option(fc.integer({ min: -2, max: 12 }), { nil: null }), {
      minLength: columns,
      maxLength: columns,
    }),
    { maxLength: 6 },
  ),
);

it('gives every unit at most one partner, and together they are worth the most there is', () => {
  fc.assert(
    fc.property(matrices, (matrix) => {
      const columns = matrix[0]?.length ?? 0;
      const partner = assign(sparse(matrix), columns);
      const used = [...partner].filter((column) => column >= 0);
      expect(new Set(used).size).toBe(used.length);
      expect(total(matrix, partner)).toBeCloseTo(best(matrix), 9);
    }),
    { numRuns: 500 },
  );
});

it('gives up a pair for two others', () => {
  expect([
    ...assign(
      sparse([
        [10, 9],
        [9, null],
      ]),
      2,
    ),
  ]).toEqual([1, 0]);
});

it('leaves a unit alone when its partner does better elsewhere', () => {
  expect([...assign(sparse([[1], [2]]), 1)]).toEqual([-1, 0]);
});

it('is still one to one when it has run out of steps', () => {
  const matrix: Matrix = Array.from({ length: 20 }, () => Array.from({ length: 20 }, () => 5));
  const partner = assign(sparse(matrix), 20, 50);
  expect(new Set(partner).size).toBe(20);
});

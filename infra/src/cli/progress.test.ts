import { grouped, ProgressView, progressLine } from './progress';

const half = { done: 500, total: 1000, unit: 'rows', message: 'Reading' };

function output(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 80, write: (text: string) => written.push(text), written };
}

describe('the progress line', () => {
  it('shows share, numbers, unit and what is being done', () => {
    expect(progressLine(half)).toBe('[############------------]  50 % 500 of 1 000 rows Reading');
  });

  it('says how much is done while the total is unknown', () => {
    expect(progressLine({ ...half, total: null })).toBe('500 rows Reading');
    expect(progressLine({ done: 0, total: null, unit: null, message: null })).toBe('Working');
  });

  it('says 100 % only when all is done, and never more', () => {
    expect(progressLine({ ...half, done: 999.9 })).toContain(' 99 %');
    expect(progressLine({ ...half, done: 2000 })).toContain('100 %');
  });

  it('fits the terminal', () => {
    expect(progressLine({ ...half, message: 'x'.repeat(300) }, 40)).toHaveLength(40);
  });

  it('groups thousands', () => {
    expect([0, 999, 1000, 1234567].map(grouped)).toEqual(['0', '999', '1 000', '1 234 567']);
  });
});

describe('the progress view', () => {
  it('redraws one line in a terminal, wiping what was longer', () => {
    const terminal = output(true);
    const view = new ProgressView(terminal);
    view.show(half);
    view.show({ ...half, message: null });
    view.end();
    expect(terminal.written).toHaveLength(3);
    expect(terminal.written.every((text) => text === '\n' || text.startsWith('\r'))).toBe(true);
    expect(terminal.written[1]).toHaveLength((terminal.written[0] as string).length);
  });

  it('writes a line per tenth or new message into a file, without carriage returns', () => {
    const file = output(false);
    const view = new ProgressView(file);
    for (let done = 0; done <= 1000; done += 1) view.show({ ...half, done });
    view.show({ ...half, done: 1000, message: 'Writing' });
    view.end();
    expect(file.written).toHaveLength(12);
    expect(file.written.join('')).not.toContain('\r');
  });
});

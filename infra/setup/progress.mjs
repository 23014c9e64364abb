/** One line per step while a command works: what it does, and how long it took. */

/** Runs the work under a line of its own. On a terminal the seconds count up. */
export async function step(title, work) {
  const began = Date.now();
  const seconds = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
  const live = process.stderr.isTTY;
  const show = (text, end) => process.stderr.write(`${live ? '\r\x1b[2K' : ''}${text}${end}`);
  show(`• ${title} …`, live ? '' : '\n');
  const ticker = live ? setInterval(() => show(`• ${title} … ${seconds()}`, ''), 1000) : undefined;
  try {
    const result = await work();
    show(`✓ ${title} (${seconds()})`, '\n');
    return result;
  } catch (error) {
    show(`✗ ${title} (${seconds()})`, '\n');
    throw error;
  } finally {
    clearInterval(ticker);
  }
}

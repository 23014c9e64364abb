// Read by any Node, also one that cannot run the rest: only old syntax and no imports here.

/** What is wrong with this Node, or undefined. */
export function nodeFault(version) {
  const parts = version.split('.').map(Number);
  const enough = parts[0] > 20 || (parts[0] === 20 && parts[1] >= 19);
  if (enough) return undefined;
  return [
    `Iroko needs Node 20.19 or newer; this is Node ${version}.`,
    '  - Install a current Node from https://nodejs.org or with a version manager (nvm install 22), then try again.',
    '  - If you have one already, it is not the first in PATH: which node',
  ].join('\n');
}

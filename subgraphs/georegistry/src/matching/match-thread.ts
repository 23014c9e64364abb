/** The matcher in a thread of its own, so that the server answers meanwhile. Started by `run-in-thread.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { matchSides } from './engine/match';
import type { ThreadInput, ThreadMessage } from './run-in-thread';

const { left, right, options } = workerData as ThreadInput;
const say = (message: ThreadMessage, transfer: ArrayBuffer[] = []) =>
  parentPort?.postMessage(message, transfer);

const { pairs, compared, belowReview } = matchSides(left, right, {
  ...options,
  onProgress: (done, doing) => say({ done, doing }),
});
const found = pairs.filter(({ kept }) => !kept);
const columns = {
  left: Int32Array.from(found, (pair) => pair.left),
  right: Int32Array.from(found, (pair) => pair.right),
  score: Float64Array.from(found, (pair) => pair.score),
  features: found.map((pair) => JSON.stringify(pair.features)),
};
say({ result: { ...columns, compared, belowReview } }, [
  columns.left.buffer,
  columns.right.buffer,
  columns.score.buffer,
]);

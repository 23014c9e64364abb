/** Compares the shapes of siblings in a thread of its own, so that the server answers meanwhile. Started by `ask-thread.ts`. */
import { parentPort } from 'node:worker_threads';
import type { SiblingStep } from './ask-thread';
import { type SiblingFinding, SiblingShapes } from './sibling-shapes';

let family: SiblingShapes | undefined;

function take(step: SiblingStep): SiblingFinding[] {
  if ('family' in step) {
    family = new SiblingShapes(step.family);
    return [];
  }
  if ('sibling' in step) return family?.add(step.sibling) ?? [];
  const found = family?.gaps() ?? [];
  family = undefined;
  return found;
}

parentPort?.on('message', (steps: SiblingStep[]) => parentPort?.postMessage(steps.flatMap(take)));

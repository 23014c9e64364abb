import { type AttemptCounts, waitSeconds } from './limits';

const quiet: AttemptCounts = {
  knownSource: false,
  addressFailures: 0,
  addressFailuresHere: 0,
  addressPending: 0,
  sourceFailures: 0,
  secondsToOldest: 600.4,
};

it.each<[string, Partial<AttemptCounts>, number]>([
  ['a first attempt may be made', {}, 0],
  ['a tenth attempt may be made', { addressFailures: 9 }, 0],
  [
    'after ten failures of an address the next waits until the oldest is forgotten',
    { addressFailures: 10 },
    601,
  ],
  [
    'failures from elsewhere do not lock out who signed in from here before',
    { addressFailures: 500, knownSource: true },
    0,
  ],
  [
    'failures from here do, also where the source is known',
    { addressFailures: 10, addressFailuresHere: 10, knownSource: true },
    601,
  ],
  [
    'a burst of attempts does not slip through before the first has failed',
    { addressFailures: 5, addressPending: 15 },
    601,
  ],
  ['a source that failed a hundred times waits, whatever the address', { sourceFailures: 100 }, 601],
  ['a wait is never zero', { addressFailures: 10, secondsToOldest: -1 }, 1],
])('%s', (_, counts, expected) => {
  expect(waitSeconds({ ...quiet, ...counts })).toBe(expected);
});

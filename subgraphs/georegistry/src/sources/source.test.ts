import { currentVersionNumber } from './source';

it.each([
  [{ chosenVersionNumber: 1, releasedVersionNumber: 3, draftVersionNumber: 4 }, true, 1],
  [{ chosenVersionNumber: null, releasedVersionNumber: 3, draftVersionNumber: 4 }, true, 3],
  [{ chosenVersionNumber: null, releasedVersionNumber: null, draftVersionNumber: 1 }, true, 1],
  [{ chosenVersionNumber: null, releasedVersionNumber: null, draftVersionNumber: 1 }, false, null],
  [{ chosenVersionNumber: null, releasedVersionNumber: null, draftVersionNumber: null }, true, null],
])('of %j, seen with drafts: %s, version %s is the current one', (numbers, seesDrafts, current) => {
  expect(currentVersionNumber(numbers, seesDrafts)).toBe(current);
});

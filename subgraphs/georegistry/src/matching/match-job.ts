/**
 * The job of a match run: reads both versions at one moment, matches them in a thread of its own, and writes links,
 * report and change event in one transaction that ends the job. Run again after a crash it does all of it anew.
 */
import { Readable } from 'node:stream';
import { recordChange } from '@iroko/changes';
import type { AccountDatabase, AccountTransaction } from '@iroko/database';
import { badInput, notFound } from '@iroko/errors';
import { defineJob, type RunningJob } from '@iroko/jobs';
import { z } from 'zod';
import { copyValue } from '../imports/staging/copy-text';
import { versionsById } from '../versions/version.sql';
import { matchExactly } from './exact';
import { type MatchReport, type MatchRunRow, type MatchSettings, matchSettings } from './match-run';
import { finishRun, runsById } from './match-run.sql';
import { type ReadSide, readSide } from './read-side';
import { matchInThread, type ThreadResult } from './run-in-thread';
import { decidedPairs, type VersionKey } from './side.sql';
import {
  acceptProposed,
  countFound,
  insertFound,
  refreshLinks,
  stageLinks,
  type WrittenRun,
  withdrawLinks,
  yieldToAccepted,
} from './write-links.sql';

/** Of the whole progress, in percent: reading, matching, writing. */
const READ_PERCENT = 10;
const MATCHED_PERCENT = 85;
const STAGED_PERCENT = 88;
const INSERTED_PERCENT = 98;

export const matchUnits = defineJob<{ runId: string; pair: string }, MatchReport, unknown>({
  name: 'georegistry.match-units',
  // The pair of sources, for runs to stand in line.
  input: z.object({ runId: z.string(), pair: z.string() }),
  permission: 'links.match',
  oneAtATimeBy: ({ pair }) => pair,
  retries: 1,
  handler: async (job, { runId }) => {
    const [run] = await runsById(job.db, [runId]);
    if (!run) throw notFound('MatchRun', runId);
    const settings = matchSettings.parse(run.settings);
    const { left, right, decided } = await readBoth(job, run, settings);
    const found =
      settings.method === 'SIMILARITY'
        ? await findAlike(job, left, right, decided, settings)
        : findExactly(left, right, decided, settings.method);
    await job.progress(MATCHED_PERCENT, 100, 'percent', 'writing links');
    return job.complete((tx) => write(tx, job, run, settings, { left, right, found, decided }));
  },
});

type Decided = { accepted: [number, number][]; rejected: [number, number][] };
type Found = ThreadResult & { ambiguous: number };

async function readBoth(job: RunningJob, run: MatchRunRow, settings: MatchSettings) {
  return job.db.transaction(
    async (tx) => {
      const [leftVersion, rightVersion] = [
        await version(tx, run.leftVersionId),
        await version(tx, run.rightVersionId),
      ];
      let before = 0;
      const onUnits = (side: string) => (count: number) =>
        job.progress(
          before > 0 ? READ_PERCENT / 2 : 0,
          100,
          'percent',
          `${before + count} units read, ${side}`,
        );
      const left = await readSide(tx, leftVersion, settings.left, onUnits('left side'));
      before = left.ids.length;
      const right = await readSide(tx, rightVersion, settings.right, onUnits('right side'));
      return { left, right, decided: await readDecided(tx, run, left, right) };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

async function version(db: AccountDatabase, id: string | null): Promise<VersionKey> {
  const [found] = id === null ? [] : await versionsById(db, [id]);
  if (!found) {
    throw badInput('A version of this run is gone: the draft was discarded. Match other versions.');
  }
  return found;
}

async function readDecided(
  db: AccountDatabase,
  run: MatchRunRow,
  left: ReadSide,
  right: ReadSide,
): Promise<Decided> {
  const decided: Decided = { accepted: [], rejected: [] };
  for (const pair of await decidedPairs(db, run.leftSourceId, run.rightSourceId)) {
    const [one, other] = [left.indexOf.get(pair.unitId), right.indexOf.get(pair.otherUnitId)];
    if (one === undefined || other === undefined) continue;
    (pair.status === 'ACCEPTED' ? decided.accepted : decided.rejected).push([one, other]);
  }
  return decided;
}

async function findAlike(
  job: RunningJob,
  left: ReadSide,
  right: ReadSide,
  decided: Decided,
  { reviewFrom }: MatchSettings,
): Promise<Found> {
  const onProgress = (done: number, doing: string) => {
    const percent = READ_PERCENT + done * (MATCHED_PERCENT - READ_PERCENT);
    void job.progress(percent, 100, 'percent', doing).catch(() => undefined);
  };
  const input = { left: left.side, right: right.side, options: { reviewFrom, ...decided } };
  return { ...(await matchInThread(input, { signal: job.signal, onProgress })), ambiguous: 0 };
}

function findExactly(
  left: ReadSide,
  right: ReadSide,
  { accepted, rejected }: Decided,
  method: 'REFERENCE' | 'CODE',
): Found {
  const { pairs, ambiguous } = matchExactly(left.side, right.side, method);
  const [takenLeft, takenRight] = [
    new Set(accepted.map(([unit]) => unit)),
    new Set(accepted.map(([, unit]) => unit)),
  ];
  const refused = new Set(rejected.map(([unit, other]) => `${unit} ${other}`));
  const free = pairs.filter(
    (pair) =>
      !takenLeft.has(pair.left) && !takenRight.has(pair.right) && !refused.has(`${pair.left} ${pair.right}`),
  );
  return {
    left: Int32Array.from(free, (pair) => pair.left),
    right: Int32Array.from(free, (pair) => pair.right),
    score: new Float64Array(free.length).fill(1),
    features: [],
    compared: pairs.length + ambiguous,
    belowReview: 0,
    ambiguous,
  };
}

interface Outcome {
  left: ReadSide;
  right: ReadSide;
  found: Found;
  decided: Decided;
}

async function write(
  tx: AccountTransaction,
  job: RunningJob,
  run: MatchRunRow,
  settings: MatchSettings,
  { left, right, found, decided }: Outcome,
): Promise<MatchReport> {
  const isFlipped = run.leftSourceId > run.rightSourceId;
  const written: WrittenRun = {
    id: run.id,
    method: settings.method,
    firstSourceId: isFlipped ? run.rightSourceId : run.leftSourceId,
    secondSourceId: isFlipped ? run.leftSourceId : run.rightSourceId,
  };
  // Between two statements it is seen that the job was cancelled.
  const told = (percent: number) =>
    job.progress(percent, 100, 'percent', `writing ${found.left.length} links`);
  await stageLinks(tx, Readable.from(lines(left, right, found, settings.acceptFrom, isFlipped)));
  await told(STAGED_PERCENT);
  // A run over a part says nothing of the rest.
  const withdrawn = isWhole(settings) ? await withdrawLinks(tx, written) : 0;
  await refreshLinks(tx, written);
  await yieldToAccepted(tx, written);
  await acceptProposed(tx);
  await told((STAGED_PERCENT + INSERTED_PERCENT) / 2);
  await insertFound(tx, written);
  await told(INSERTED_PERCENT);
  const counts = await countFound(tx);
  const report: MatchReport = {
    leftUnits: left.ids.length,
    rightUnits: right.ids.length,
    comparedPairs: found.compared,
    accepted: counts.accepted,
    proposed: counts.proposed,
    belowReview: found.belowReview,
    decidedBefore: decided.accepted.length + decided.rejected.length,
    withdrawn,
    refused: found.ambiguous,
    outcomesFileId: null,
  };
  await finishRun(tx, run.id, report);
  await recordChange(tx, {
    subjectType: 'MatchRun',
    subjectId: run.id,
    action: 'FINISH',
    before: null,
    after: {
      ...report,
      method: run.method,
      leftSourceId: run.leftSourceId,
      rightSourceId: run.rightSourceId,
    },
  });
  return report;
}

const isWhole = ({ left, right }: MatchSettings): boolean =>
  [left, right].every(({ subtree, types, statuses }) => subtree == null && !types && !statuses);

/** Lines for COPY, many at a time. */
function* lines(
  left: ReadSide,
  right: ReadSide,
  found: Found,
  acceptFrom: number,
  isFlipped: boolean,
): Generator<string> {
  let text = '';
  for (let at = 0; at < found.left.length; at++) {
    const [unit, other] = [found.left[at] as number, found.right[at] as number];
    if (left.takesPart[unit] === 0 || right.takesPart[other] === 0) continue;
    const [one, two] = [left.ids[unit] as string, right.ids[other] as string];
    const score = found.score[at] as number;
    const status = score >= acceptFrom ? 'ACCEPTED' : 'PROPOSED';
    const ends = isFlipped ? `${two}\t${one}` : `${one}\t${two}`;
    text += `${ends}\t${score}\t${copyValue(found.features[at] ?? null)}\t${status}\n`;
    if (text.length > 65_536) {
      yield text;
      text = '';
    }
  }
  if (text !== '') yield text;
}

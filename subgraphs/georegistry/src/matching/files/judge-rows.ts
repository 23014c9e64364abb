/**
 * What becomes of each row of an uploaded file, decided over plain data: unknown, foreign and double units, values that
 * cannot be, and decisions that would give a place two partners. Each row has an outcome of its own.
 */
import type { ErrorCode } from '@iroko/errors';
import type { LinkStatus } from '../../links/link';
import type { PairRow } from './pair-file';
import type { LinkedPair, UploadedLink } from './pair-units.sql';

export interface KnownUnit {
  id: string;
  dataSourceId: string;
}

export interface Ground {
  leftSourceId: string;
  rightSourceId: string;
  left: ReadonlyMap<string, KnownUnit>;
  right: ReadonlyMap<string, KnownUnit>;
  present: readonly LinkedPair[];
  /** Whether whoever uploads may decide on links. */
  mayDecide: boolean;
  newId: () => string;
}

export interface RefusedRow {
  row: PairRow;
  code: ErrorCode;
  message: string;
}

export interface Judgement {
  insert: UploadedLink[];
  decide: (UploadedLink & { before: LinkStatus })[];
  /** Rows that say nothing new: the link is there, and a proposal never touches a decision. */
  same: number;
  refused: RefusedRow[];
}

const REASON_LENGTH_MAX = 1000;

export function judgeRows(rows: readonly PairRow[], ground: Ground): Judgement {
  const judgement: Judgement = { insert: [], decide: [], same: 0, refused: [] };
  const isFlipped = ground.leftSourceId > ground.rightSourceId;
  const seen = new Map<string, number>();
  const present = new Map(ground.present.map((link) => [`${link.firstUnitId} ${link.secondUnitId}`, link]));
  const partners = new Partners(ground.present);
  for (const row of rows) {
    const refuse = (code: ErrorCode, message: string) => judgement.refused.push({ row, code, message });
    const values = checkedValues(row, ground.mayDecide);
    if ('code' in values) {
      refuse(values.code, values.message);
      continue;
    }
    const ends = endsOf(row, ground);
    if ('code' in ends) {
      refuse(ends.code, ends.message);
      continue;
    }
    const [firstUnitId, secondUnitId] = isFlipped ? [ends.right, ends.left] : [ends.left, ends.right];
    const key = `${firstUnitId} ${secondUnitId}`;
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      refuse('CONFLICT', `The same pair stands in row ${earlier} already.`);
      continue;
    }
    seen.set(key, row.line);
    const link = { id: ground.newId(), firstUnitId, secondUnitId, ...values };
    const there = present.get(key);
    if (
      there &&
      (values.status === 'PROPOSED' || (values.status === there.status && there.decidedBy !== null))
    ) {
      judgement.same++;
      continue;
    }
    if (values.status === 'ACCEPTED' && partners.hasOther(firstUnitId, secondUnitId)) {
      refuse(
        'CONFLICT',
        'A unit of this pair has another accepted link to that source; a place is at most one place there.',
      );
      continue;
    }
    partners.set(firstUnitId, secondUnitId, values.status);
    if (there) judgement.decide.push({ ...link, id: there.id, before: there.status });
    else judgement.insert.push(link);
  }
  return judgement;
}

type Refusal = { code: ErrorCode; message: string };

function checkedValues(
  { score, status, reason }: PairRow,
  mayDecide: boolean,
): { score: number; status: LinkStatus; reason: string | null } | Refusal {
  const number = score === '' ? 1 : Number(score.replace(',', '.'));
  if (!(number >= 0 && number <= 1)) {
    return {
      code: 'BAD_USER_INPUT',
      message: `score is ${JSON.stringify(score)}; write a number from 0 to 1.`,
    };
  }
  const said = (status === '' ? 'PROPOSED' : status.toUpperCase()) as LinkStatus;
  if (!['PROPOSED', 'ACCEPTED', 'REJECTED'].includes(said)) {
    return {
      code: 'BAD_USER_INPUT',
      message: `status is ${JSON.stringify(status)}; write PROPOSED, ACCEPTED or REJECTED.`,
    };
  }
  if (said !== 'PROPOSED' && !mayDecide) {
    return {
      code: 'FORBIDDEN',
      message: 'Deciding on links needs the permission links.review; PROPOSED does not.',
    };
  }
  if (reason.length > REASON_LENGTH_MAX) {
    return { code: 'BAD_USER_INPUT', message: `reason has more than ${REASON_LENGTH_MAX} characters.` };
  }
  return { score: number, status: said, reason: reason === '' ? null : reason };
}

function endsOf(row: PairRow, ground: Ground): { left: string; right: string } | Refusal {
  const ends = { left: '', right: '' };
  for (const side of ['left', 'right'] as const) {
    const text = row[side];
    if (text === '') return { code: 'BAD_USER_INPUT', message: `${side} is empty.` };
    const unit = ground[side].get(text.toLowerCase()) ?? ground[side].get(text);
    if (!unit) return { code: 'NOT_FOUND', message: `${side}: there is no unit ${JSON.stringify(text)}.` };
    const source = side === 'left' ? ground.leftSourceId : ground.rightSourceId;
    if (unit.dataSourceId !== source) {
      return {
        code: 'BAD_USER_INPUT',
        message: `${side}: the unit ${JSON.stringify(text)} is of another source.`,
      };
    }
    ends[side] = unit.id;
  }
  return ends;
}

/** Who is accepted as whose place, as rows go by. */
class Partners {
  private readonly ofFirst = new Map<string, string>();
  private readonly ofSecond = new Map<string, string>();

  constructor(present: readonly LinkedPair[]) {
    for (const { firstUnitId, secondUnitId, status } of present) this.set(firstUnitId, secondUnitId, status);
  }

  hasOther(first: string, second: string): boolean {
    return (this.ofFirst.get(first) ?? second) !== second || (this.ofSecond.get(second) ?? first) !== first;
  }

  set(first: string, second: string, status: LinkStatus): void {
    if (status === 'ACCEPTED') {
      this.ofFirst.set(first, second);
      this.ofSecond.set(second, first);
    } else if (this.ofFirst.get(first) === second) {
      this.ofFirst.delete(first);
      this.ofSecond.delete(second);
    }
  }
}

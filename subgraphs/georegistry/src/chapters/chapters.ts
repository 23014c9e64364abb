/** The history of a unit, version by version: what it became, which fields that changed, and who did it why. */
import { type ChangeEvent, readHistories } from '@iroko/changes';
import { isId } from '@iroko/database';
import { notFound } from '@iroko/errors';
import { type CursorScope, type PageArgs, pageOf, pageRequest } from '@iroko/graph';
import type { GeoContext } from '../context';
import { type CountedConnection, counted } from '../counted-connection';
import { loaders } from '../loaders';
import { StateAnswer } from '../org-units/place-answer';
import { contentOf, type StateRow } from '../org-units/state';
import { unitSource } from '../org-units/unit.sql';
import { CONTENT_FIELDS } from '../org-units/unit-content';
import { differingFields, picked } from '../revisions';
import { findSource } from '../versions/find-version';
import { seesDrafts, type VersionRow } from '../versions/version';
import { type ChapterRow, chaptersOf, countChapters } from './chapter.sql';
import type { ChapterAnswer } from './chapter-type';

/** Events of a unit that are looked through for those of a page of chapters. */
const EVENTS_MAX = 200;

/** Newest first. Throws NOT_FOUND for a unit that the viewer sees in none of its versions. */
export async function chapterPage(
  context: GeoContext,
  unitId: string,
  args: PageArgs,
): Promise<CountedConnection<ChapterAnswer>> {
  const unit = isId(unitId) ? await unitSource(context.db, unitId) : undefined;
  if (!unit) throw notFound('OrgUnit', unitId);
  const source = await findSource(context, unit.dataSourceId).catch(() => undefined);
  if (!source) throw notFound('OrgUnit', unitId);
  const { cursors } = context.services;
  const scope: CursorScope = { list: 'chapters', account: context.db.account, filter: { unitId } };
  const page = pageRequest(args, cursors, scope);
  const withDraft = seesDrafts(context.viewer);
  const before = page.after && Number(page.after[0]);
  // One more than the page: the fields that its last chapter changed are those that differ from the one before.
  const found = await chaptersOf(context.db, unitId, withDraft, before, page.limit + 1);
  const chapters = await seen(context, unitId, unit.dataSourceId, found);
  if (chapters.length === 0 && before === undefined) throw notFound('OrgUnit', unitId);
  const events = context.viewer.permissions.has('audit.read') ? await eventsOf(context, unitId) : [];
  const answers = chapters
    .slice(0, page.limit)
    .map((chapter, place) => answerOf(chapter, chapters[place + 1]?.state, events));
  const connection = pageOf(answers, page, cursors, scope, ({ state }) => [state.of.number]);
  return counted(connection, () => countChapters(context.db, unitId, withDraft));
}

interface Chapter extends ChapterRow {
  state: StateRow;
  version: VersionRow;
  untilVersion: VersionRow | undefined;
}

/** The chapters whose state lies within the viewer's scope. */
async function seen(
  context: GeoContext,
  unitId: string,
  dataSourceId: string,
  rows: readonly ChapterRow[],
): Promise<Chapter[]> {
  const versions = loaders.versionByNumber(context);
  const all = await Promise.all(
    rows.map(async (row) => {
      const { number, until } = row;
      const [state, version, untilVersion] = await Promise.all([
        loaders.state(context).load({ unitId, dataSourceId, number }),
        versions.load({ dataSourceId, number }),
        until === null ? undefined : versions.load({ dataSourceId, number: until }),
      ]);
      return state && version ? { ...row, state, version, untilVersion } : undefined;
    }),
  );
  return all.filter((chapter) => chapter !== undefined);
}

async function eventsOf(context: GeoContext, unitId: string): Promise<ChangeEvent[]> {
  const subject = { subjectType: 'OrgUnit', subjectId: unitId, before: null };
  const [events = []] = await readHistories(context.db, [subject], EVENTS_MAX);
  return events;
}

function answerOf(
  { state, version, untilVersion, isRemoved }: Chapter,
  earlier: StateRow | undefined,
  events: readonly ChangeEvent[],
): ChapterAnswer {
  const content = picked(contentOf(state), CONTENT_FIELDS);
  const own = events.filter(({ before, after }) => (after ?? before)?.versionId === version.id);
  return {
    state: new StateAnswer(state, version),
    changedFields: earlier
      ? differingFields(picked(contentOf(earlier), CONTENT_FIELDS), content)
      : [...CONTENT_FIELDS],
    until: untilVersion ?? null,
    isRemoved,
    edits: own.map(({ at, action, userId, jobId, reason, after }) => ({
      at,
      action,
      userId: userId ?? null,
      jobId: jobId ?? null,
      reason: reason ?? null,
      fields: Object.keys(after ?? {}).filter((field) =>
        (CONTENT_FIELDS as readonly string[]).includes(field),
      ),
    })),
  };
}

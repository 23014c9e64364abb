/**
 * The georegistry subgraph put together: sources, versions, and the places in them.
 */
import type { Database } from '@iroko/database';
import type { Files } from '@iroko/files';
import { buildSubgraph, type Cursors, type GraphRequest, RequestContext, type Subgraph } from '@iroko/graph';
import { type BoundJob, bindJobs } from '@iroko/jobs';
import { bulkEditOrgUnits } from './bulk-edit/bulk-edit-job';
import { BulkEditResolver } from './bulk-edit/bulk-edit-resolver';
import { ChangeRequestResolver } from './change-requests/change-request-resolver';
import { decideManyJob } from './change-requests/decide-many-job';
import { exportRequestsJob } from './change-requests/export-requests-job';
import { ManyChangeRequestsResolver } from './change-requests/many-requests-resolver';
import { OrgUnitChapterResolver, OrgUnitEditResolver } from './chapters/chapter-resolver';
import { compareVersionsJob } from './comparisons/comparison-job';
import { ComparisonResolver } from './comparisons/comparison-resolver';
import { exportComparison } from './comparisons/export-comparison-job';
import { ExportComparisonResolver } from './comparisons/export-comparison-resolver';
import type { GeoServices } from './context';
import { copyVersionJob } from './copies/copy-job';
import { CopyResolver } from './copies/copy-resolver';
import { VersionDiffResolver } from './differences/difference-resolver';
import { exportOrgUnits } from './exports/export-job';
import { ExportResolver } from './exports/export-resolver';
import { GroupSetResolver } from './group-sets/group-set-resolver';
import { GroupResolver } from './groups/group-resolver';
import { importOrgUnits } from './imports/import-job';
import { ImportResolver } from './imports/import-resolver';
import { lineageJob } from './lineage/lineage-job';
import { LineageResolver } from './lineage/lineage-resolver';
import { OrgUnitLineageResolver, OrgUnitStateLineageResolver } from './lineage/place-lineage-resolver';
import { undoLineageJob } from './lineage/undo';
import { exportLinksJob } from './links/export-links-job';
import { LinkResolver, OrgUnitLinksResolver } from './links/link-resolver';
import { ManyLinksResolver } from './links/many-links-resolver';
import { reviewManyJob } from './links/review-many-job';
import { evaluateRun } from './matching/files/evaluate-job';
import { PairFileResolver } from './matching/files/pair-file-resolver';
import { uploadLinks } from './matching/files/upload-job';
import { matchUnits } from './matching/match-job';
import { MatchRunResolver } from './matching/match-run-resolver';
import { applyMergeJob } from './merge-plans/apply-job';
import { MergePlanResolver } from './merge-plans/merge-resolver';
import { planMergeJob } from './merge-plans/plan-job';
import { proposeMergeJob } from './merge-plans/propose-job';
import { EditOrgUnitResolver } from './org-units/edit-unit-resolver';
import { removeSubtree } from './org-units/remove-unit';
import { unitReferences } from './org-units/unit-references';
import { OrgUnitResolver, OrgUnitStateResolver } from './org-units/unit-resolver';
import { checkQualityJob } from './quality/quality-job';
import { QualityIssueResolver, QualityReportResolver } from './quality/quality-resolver';
import { recordReferences } from './references';
import { RegistrySettingsResolver } from './settings/settings-resolver';
import { ShapeResolver } from './shapes/shape-resolver';
import { setUpSourceJob } from './sources/set-up-source-job';
import { DataSourceResolver } from './sources/source-resolver';
import { OrgUnitTypeResolver } from './types/type-resolver';
import { AsOfResolver } from './versions/as-of-resolver';
import { discardLargeDraft } from './versions/discard-version';
import { SourceVersionResolver } from './versions/version-resolver';

/** What the registry needs of the stack. */
export interface GeoregistryServices {
  database: Database;
  cursors: Cursors;
  files: Files;
}

export function createGeoregistry({
  database,
  cursors,
  files,
}: GeoregistryServices): Subgraph & { jobs: BoundJob[] } {
  const services: GeoServices = { cursors, files };
  const { schema, sdl } = buildSubgraph({
    resolvers: [
      DataSourceResolver,
      SourceVersionResolver,
      OrgUnitTypeResolver,
      GroupResolver,
      GroupSetResolver,
      QualityReportResolver,
      QualityIssueResolver,
      RegistrySettingsResolver,
      ShapeResolver,
      OrgUnitResolver,
      OrgUnitStateResolver,
      AsOfResolver,
      EditOrgUnitResolver,
      ExportResolver,
      OrgUnitChapterResolver,
      OrgUnitEditResolver,
      VersionDiffResolver,
      ComparisonResolver,
      ChangeRequestResolver,
      ManyChangeRequestsResolver,
      CopyResolver,
      MergePlanResolver,
      ExportComparisonResolver,
      ImportResolver,
      BulkEditResolver,
      LinkResolver,
      OrgUnitLinksResolver,
      ManyLinksResolver,
      LineageResolver,
      OrgUnitLineageResolver,
      OrgUnitStateLineageResolver,
      MatchRunResolver,
      PairFileResolver,
    ],
    references: { ...recordReferences, OrgUnit: unitReferences },
  });
  return {
    name: 'georegistry',
    schema,
    sdl,
    context: (request: GraphRequest) => new RequestContext(request, services, database),
    routes: [],
    jobs: bindJobs(
      services,
      [
        exportOrgUnits,
        importOrgUnits,
        bulkEditOrgUnits,
        removeSubtree,
        lineageJob,
        undoLineageJob,
        discardLargeDraft,
        compareVersionsJob,
        exportComparison,
        copyVersionJob,
        matchUnits,
        uploadLinks,
        evaluateRun,
        setUpSourceJob,
        checkQualityJob,
        planMergeJob,
        applyMergeJob,
        proposeMergeJob,
        decideManyJob,
        exportRequestsJob,
        reviewManyJob,
        exportLinksJob,
      ],
      database,
    ),
  };
}

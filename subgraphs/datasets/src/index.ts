/** Datasets: tables from files, whose rows stand at org units. */
import 'reflect-metadata';
import type { Database } from '@iroko/database';
import type { Files } from '@iroko/files';
import { buildSubgraph, type Cursors, type Reference, RequestContext, type Subgraph } from '@iroko/graph';
import { type BoundJob, bindJobs } from '@iroko/jobs';
import { requirePermission } from '@iroko/viewer';
import { DatasetConnectionResolver, DatasetResolver, datasetsInOrder } from './datasets/dataset.resolver';
import { loadJob } from './loads/load-job';
import { OrgUnitResolver } from './org-units/org-unit.resolver';
import { OrgUnit } from './org-units/org-unit.types';
import { QuarantinedRowConnectionResolver, QuarantineResolver } from './quarantine/quarantine.resolver';
import { replayJob } from './quarantine/replay-job';
import { DatasetRowConnectionResolver, DatasetRowResolver, DatasetRowsResolver } from './rows/row.resolver';
import type { DatasetContext } from './services';

export interface DatasetsOptions {
  database: Database;
  cursors: Cursors;
  files: Files;
}

export function createDatasets({
  database,
  cursors,
  files,
}: DatasetsOptions): Subgraph & { jobs: BoundJob[] } {
  const services = { files, cursors };
  const { schema, sdl } = buildSubgraph({
    resolvers: [
      DatasetResolver,
      DatasetConnectionResolver,
      DatasetRowsResolver,
      DatasetRowResolver,
      DatasetRowConnectionResolver,
      QuarantineResolver,
      QuarantinedRowConnectionResolver,
      OrgUnitResolver,
    ],
    references: {
      Dataset: (context: DatasetContext, references: readonly Reference[]) => {
        requirePermission(context.viewer, 'datasets.read');
        return datasetsInOrder(
          context,
          references.map(({ id }) => String(id)),
        );
      },
      // Whether the place exists is georegistry's to say; no dataset speaks of one that does not.
      OrgUnit: async (_context, references) => references.map(({ id }) => OrgUnit.of(String(id))),
    },
  });
  return {
    name: 'datasets',
    schema,
    sdl,
    context: (request) => new RequestContext(request, services, database),
    routes: [],
    jobs: bindJobs(services, [loadJob, replayJob], database),
  };
}

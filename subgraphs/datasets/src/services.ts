/** What the services of this subgraph need besides the account handle. */
import type { Files } from '@iroko/files';
import type { Cursors, RequestContext } from '@iroko/graph';

export interface DatasetServices {
  readonly files: Files;
  readonly cursors: Cursors;
}

export type DatasetContext = RequestContext<DatasetServices>;

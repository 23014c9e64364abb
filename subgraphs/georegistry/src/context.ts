/** What the registry's resolvers are given beside the viewer. */
import type { Files } from '@iroko/files';
import type { Cursors, RequestContext } from '@iroko/graph';

export interface GeoServices {
  readonly cursors: Cursors;
  readonly files: Files;
}

export type GeoContext = RequestContext<GeoServices>;

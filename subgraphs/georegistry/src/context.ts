/** What the registry's resolvers are given beside the viewer. */
import type { Cursors, RequestContext } from '@iroko/graph';

export interface GeoServices {
  readonly cursors: Cursors;
}

export type GeoContext = RequestContext<GeoServices>;

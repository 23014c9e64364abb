/** A unit as it leaves: ids of ours replaced by what another system knows, references and names. */
import type { MultiPolygon, Point, Polygon } from '@iroko/geometry';
import type { UnitStatus } from '../org-units/unit-content';

export interface ExportedUnit {
  reference: string;
  name: string;
  type: string | null;
  parentReference: string | null;
  code: string;
  status: UnitStatus;
  aliases: string[];
  longitude: number | null;
  latitude: number | null;
  altitude: number | null;
  openingDate: string | null;
  closedDate: string | null;
  /** References of groups. */
  groups: string[];
  attributes: Record<string, string | null>;
  shape: Point | Polygon | MultiPolygon | null;
}

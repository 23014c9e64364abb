/** Exports over GraphQL. */
import 'reflect-metadata';
import { enqueue, JobReference } from '@iroko/jobs';
import {
  Arg,
  Authorized,
  Ctx,
  Field,
  ID,
  InputType,
  Mutation,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import type { GeoContext } from '../context';
import { checkFilter, checkFilterSets, OrgUnitFilter, requireFilterRights } from '../org-units/unit-filter';
import { findVersion } from '../versions/find-version';
import { EXPORT_FORMATS, type ExportFormat } from './export-input';
import { exportOrgUnits } from './export-job';

const ExportFormatEnum = Object.fromEntries(EXPORT_FORMATS.map((format) => [format, format])) as Record<
  ExportFormat,
  ExportFormat
>;
registerEnumType(ExportFormatEnum, {
  name: 'OrgUnitExportFormat',
  description: 'The format of an exported file.',
  valuesConfig: {
    CSV: {
      description: 'A table that reads back without any change; shapes as WKT, lists as `a|b`, EPSG:4326.',
    },
    GEOJSON: { description: 'A FeatureCollection per RFC 7946, one feature a line.' },
  },
});

@InputType({ description: 'Which units to export, and how.' })
export class ExportOrgUnitsInput {
  @Field(() => ID, { description: 'The version to export.' })
  versionId!: string;

  @Field(() => OrgUnitFilter, { nullable: true, description: 'Which of its units; all of them without it.' })
  filter?: OrgUnitFilter | null;

  @Field(() => [OrgUnitFilter], {
    nullable: true,
    description: '1 to 10 sets of filters, of which a unit must fit at least one.',
  })
  anyOf?: OrgUnitFilter[] | null;

  @Field(() => ExportFormatEnum, { description: 'The format of the file.' })
  format!: ExportFormat;
}

@Resolver()
export class ExportResolver {
  @Authorized('org_units.export')
  @Mutation(() => JobReference, {
    description:
      'Writes units of a version to a file, as a job. Its result is `{fileId, name, units, mapping}`: download it by `file(id) { downloadUrl }` within a week; `mapping` reads a CSV back. NOT_FOUND for a version that is not there.',
  })
  async exportOrgUnits(
    @Ctx() context: GeoContext,
    @Arg('input', () => ExportOrgUnitsInput, { description: 'What to export.' }) input: ExportOrgUnitsInput,
  ): Promise<JobReference> {
    const filter = input.filter ?? {};
    const anyOf = input.anyOf ?? null;
    checkFilter(filter);
    if (anyOf) checkFilterSets(anyOf);
    await requireFilterRights(context, [filter, ...(anyOf ?? [])]);
    const version = await findVersion(context, input.versionId);
    const id = await context.db.transaction((tx) =>
      enqueue(tx, exportOrgUnits, { versionId: version.id, filter, anyOf, format: input.format }),
    );
    return JobReference.of(id);
  }
}

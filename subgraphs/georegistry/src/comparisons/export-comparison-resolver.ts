/** Files of comparisons over GraphQL. */
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
import type { ComparedStatus } from './comparison';
import { refuseUnfinished } from './comparison-resolver';
import { ComparedStatusEnum } from './comparison-type';
import { findComparison } from './comparisons';
import { COMPARISON_FORMATS, type ComparisonFormat, exportComparison } from './export-comparison-job';

const ComparisonFormatEnum = Object.fromEntries(
  COMPARISON_FORMATS.map((format) => [format, format]),
) as Record<ComparisonFormat, ComparisonFormat>;
registerEnumType(ComparisonFormatEnum, {
  name: 'ComparisonFormat',
  description: 'The format of the file of a comparison.',
  valuesConfig: {
    CSV: { description: 'A table: for each compared field its value before and after.' },
    XLSX: { description: 'The same as a sheet, of at most 1,048,575 units.' },
    GEOJSON: {
      description:
        'A FeatureCollection per RFC 7946: each unit where it is, or was, with the fields that differ.',
    },
  },
});

@InputType({ description: 'Which comparison to write to a file, and how.' })
export class ExportComparisonInput {
  @Field(() => ID, { description: 'The id of the comparison.' })
  comparisonId!: string;

  @Field(() => ComparisonFormatEnum, { description: 'The format of the file.' })
  format!: ComparisonFormat;

  @Field(() => [ComparedStatusEnum], {
    nullable: true,
    description: 'Units with these statuses; all without it.',
  })
  statuses?: ComparedStatus[] | null;
}

@Resolver()
export class ExportComparisonResolver {
  @Authorized('org_units.export')
  @Mutation(() => JobReference, {
    description:
      'Writes a comparison to a file, as a job. Its result is `{fileId, name, units}`: download it by `file(id) { downloadUrl }` within a week. NOT_FOUND; CONFLICT while the comparison is not done.',
  })
  async exportComparison(
    @Arg('input', () => ExportComparisonInput, { description: 'What to write.' })
    input: ExportComparisonInput,
    @Ctx() context: GeoContext,
  ): Promise<JobReference> {
    const comparison = await findComparison(context, input.comparisonId);
    refuseUnfinished(comparison);
    const { format, statuses } = input;
    const id = await context.db.transaction((tx) =>
      enqueue(tx, exportComparison, { comparisonId: comparison.id, format, statuses: statuses ?? null }),
    );
    return JobReference.of(id);
  }
}

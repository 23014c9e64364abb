/** Imports over GraphQL. */
import 'reflect-metadata';
import { badInput, conflict } from '@iroko/errors';
import { CONTENT_TYPES } from '@iroko/files';
import { JSONScalar } from '@iroko/graph';
import { enqueue, JobReference } from '@iroko/jobs';
import { requireWholeTrees } from '@iroko/viewer';
import { Arg, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { GeoContext } from '../context';
import { refuseReadOnly } from '../versions/drafts';
import { findSource, findVersion } from '../versions/find-version';
import { importOrgUnits } from './import-job';
import { ImportOrgUnitsInput, ImportPreview } from './import-types';
import { type ImportMapping, importMapping, MAPPING_KEYS } from './mapping';
import { ImportMappingInput } from './mapping-input';
import { previewTable } from './preview';
import { GEOPACKAGE_MAPPING } from './tables/geopackage-table';
import { refuseWrongType } from './tables/input-file';

@Resolver()
export class ImportResolver {
  @Authorized('org_units.import')
  @Mutation(() => JobReference, {
    description:
      'Imports an uploaded file into the draft of a source, as a job; until it ends, edits of the draft answer CONFLICT and name it. Its result tells what changed, by which pass each unit was known again, and which rows are in quarantine, with a CSV of them to be corrected and sent again. BAD_USER_INPUT for a mapping that cannot be, NOT_FOUND for file or source, CONFLICT for a read-only source and for a released version; while another job holds the draft, this one waits for it.',
  })
  async importOrgUnits(
    @Ctx() context: GeoContext,
    @Arg('input', () => ImportOrgUnitsInput, { description: 'The file and how to read it.' })
    input: ImportOrgUnitsInput,
  ): Promise<JobReference> {
    const { db, services } = context;
    requireWholeTrees(db.actor, 'An import');
    const file = await services.files.find(db, input.fileId);
    refuseWrongType(file);
    const source = await findSource(context, input.dataSourceId);
    refuseReadOnly(source);
    const versionId = input.versionId ?? null;
    if (versionId !== null) await refuseReleased(context, versionId);
    const isGeoPackage = file.contentType === CONTENT_TYPES.geopackage;
    const mapping = isGeoPackage ? geoPackageMapping(input) : mappingOf(input);
    const id = await db.transaction(async (tx) => {
      await services.files.keep(tx, file.id);
      return enqueue(
        tx,
        importOrgUnits,
        {
          fileId: file.id,
          dataSourceId: source.id,
          versionId,
          mapping,
          dryRun: input.dryRun ?? false,
          strict: input.strict ?? false,
          absentUnits: input.absentUnits ?? (isGeoPackage ? 'KEEP' : 'REMOVE'),
        },
        input.idempotencyKey == null ? {} : { idempotencyKey: input.idempotencyKey },
      );
    });
    return JobReference.of(id);
  }

  @Authorized('org_units.import')
  @Query(() => ImportPreview, {
    description:
      'What a file seems to be: its columns and first rows, what was detected of its habits, and a first guess of the mapping. Name a habit in the mapping to correct it. BAD_USER_INPUT for a file that imports do not read.',
  })
  async previewImport(
    @Ctx() context: GeoContext,
    @Arg('fileId', () => ID, { description: 'The uploaded file.' }) fileId: string,
    @Arg('mapping', () => ImportMappingInput, {
      nullable: true,
      description: 'To try a mapping on the file.',
    })
    mapping: ImportMappingInput | null,
    @Arg('recipe', () => JSONScalar, { nullable: true, description: 'The mapping as JSON instead.' })
    recipe: unknown,
  ): Promise<ImportPreview> {
    const { db, services } = context;
    requireWholeTrees(db.actor, 'An import');
    const file = await services.files.find(db, fileId);
    const given = mapping || recipe ? readMapping(recipe ?? mapping) : undefined;
    return previewTable(db, services.files, file, given);
  }
}

async function refuseReleased(context: GeoContext, versionId: string): Promise<void> {
  const version = await findVersion(context, versionId);
  if (version.status === 'DRAFT') return;
  throw conflictReleased(version.number);
}

function conflictReleased(number: number): Error {
  return conflict(
    `Version ${number} is released and never changes. Import without versionId: the next draft is opened.`,
    { path: ['input', 'versionId'] },
  );
}

/** The columns of a GeoPackage have fixed names. */
function geoPackageMapping({ mapping, recipe }: ImportOrgUnitsInput): ImportMapping {
  if (mapping || recipe) {
    throw badInput('A GeoPackage needs no mapping: its columns have fixed names. Send it without one.', {
      path: ['input', 'mapping'],
    });
  }
  return importMapping.parse(GEOPACKAGE_MAPPING);
}

function mappingOf(input: ImportOrgUnitsInput): ImportMapping {
  if (!input.mapping && !input.recipe) {
    throw badInput(
      'A mapping (or recipe) says which columns mean what; see previewImport for a first guess.',
      {
        path: ['input', 'mapping'],
      },
    );
  }
  return readMapping(input.recipe ?? input.mapping);
}

/** Throws BAD_USER_INPUT that lists what is wrong with the mapping. */
function readMapping(value: unknown): ImportMapping {
  const result = importMapping.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'mapping'}: ${message}`,
  );
  const isWordUnknown = result.error.issues.some(({ code }) => code === 'unrecognized_keys');
  const allowed = isWordUnknown ? ` A mapping may hold ${MAPPING_KEYS.join(', ')}.` : '';
  throw badInput(`The mapping cannot be used: ${problems.join('; ')}.${allowed}`, {
    path: ['input', 'mapping'],
    problems,
  });
}

/**
 * The feature flags that a project can switch on: a closed list, each with the shape of its configuration. Apps read
 * them; a flag that nobody knows, or a configuration that does not fit, is refused when it is written.
 */
import { badInput } from '@iroko/errors';
import { z } from 'zod';

export const FLAG_CATEGORIES = ['DATA_COLLECTION', 'REFRESH', 'GEOGRAPHY', 'OFFLINE'] as const;
export type FlagCategory = (typeof FLAG_CATEGORIES)[number];

interface FeatureFlagDefinition {
  category: FlagCategory;
  description: string;
  /** It makes no sense, or is unsafe, for an app in which nobody signed in. */
  requiresAuthentication: boolean;
  /** What it does cannot be taken back. */
  isDangerous: boolean;
  configuration: z.ZodObject;
}

export const FEATURE_FLAGS = {
  TAKE_GPS_ON_FORM: {
    category: 'DATA_COLLECTION',
    description: 'The app takes the position of the phone when a form is opened.',
    requiresAuthentication: false,
    isDangerous: false,
    configuration: z.strictObject({
      accuracyMetres: z.number().min(1).max(10_000).optional(),
      timeoutSeconds: z.int().min(1).max(600).optional(),
    }),
  },
  FORMS_AUTO_UPLOAD: {
    category: 'DATA_COLLECTION',
    description: 'Finished forms are sent without being asked for.',
    requiresAuthentication: false,
    isDangerous: false,
    configuration: z.strictObject({
      onlyOnWifi: z.boolean().optional(),
      everyMinutes: z.int().min(1).max(1440).optional(),
    }),
  },
  INSTANT_EXPORT: {
    category: 'DATA_COLLECTION',
    description: 'Submissions go on to their server of destination as soon as they come in.',
    requiresAuthentication: true,
    isDangerous: true,
    configuration: z.strictObject({}),
  },
  REFRESH_ON_START: {
    category: 'REFRESH',
    description: 'The app looks for new forms and org units whenever it starts.',
    requiresAuthentication: false,
    isDangerous: false,
    configuration: z.strictObject({ atMostEveryMinutes: z.int().min(1).max(10_080).optional() }),
  },
  LIMIT_DOWNLOAD_TO_ROOTS: {
    category: 'GEOGRAPHY',
    description: 'The app downloads the org units of the scope of whoever signed in, and no others.',
    requiresAuthentication: true,
    isDangerous: false,
    configuration: z.strictObject({}),
  },
  HOME_OFFLINE: {
    category: 'OFFLINE',
    description: 'The app begins on a page that needs no network.',
    requiresAuthentication: false,
    isDangerous: false,
    configuration: z.strictObject({}),
  },
} as const satisfies Record<string, FeatureFlagDefinition>;

export type FeatureFlagCode = keyof typeof FEATURE_FLAGS;
export const FEATURE_FLAG_CODES = Object.keys(FEATURE_FLAGS) as FeatureFlagCode[];

/** A flag that is on, as it is kept. */
export interface FlagOn {
  code: string;
  configuration: Record<string, unknown>;
}

/** Throws BAD_USER_INPUT for a flag that is none or comes twice, and for a configuration that does not fit it. */
export function checkedFlags(
  given: readonly { code: string; configuration?: unknown }[],
  needsAuthentication: boolean,
  path: string[],
): FlagOn[] {
  const codes = given.map(({ code }) => code);
  const twice = codes.find((code, index) => codes.indexOf(code) !== index);
  if (twice !== undefined) throw badInput(`The feature flag ${twice} is given twice.`, { path });
  return given
    .map(({ code, configuration }, index) => {
      const place = [...path, String(index)];
      if (!isFlag(code)) {
        throw badInput(`There is no feature flag ${JSON.stringify(code.slice(0, 100))}.`, {
          path: [...place, 'code'],
        });
      }
      if (FEATURE_FLAGS[code].requiresAuthentication && !needsAuthentication) {
        throw badInput(`The feature flag ${code} needs a project that needs authentication.`, {
          path: place,
        });
      }
      return { code, configuration: checkedConfiguration(code, configuration ?? {}, place) };
    })
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}

function checkedConfiguration(
  code: FeatureFlagCode,
  given: unknown,
  path: string[],
): Record<string, unknown> {
  const parsed = FEATURE_FLAGS[code].configuration.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || 'it'}: ${message}`);
  throw badInput(`The configuration does not fit the feature flag ${code}: ${problems.join('; ')}.`, {
    path: [...path, 'configuration'],
    problems,
  });
}

function isFlag(code: string): code is FeatureFlagCode {
  return Object.hasOwn(FEATURE_FLAGS, code);
}

/** JSON Schema of a flag's configuration, as the API publishes it. */
export function configurationSchema(code: FeatureFlagCode): Record<string, unknown> {
  return z.toJSONSchema(FEATURE_FLAGS[code].configuration) as Record<string, unknown>;
}

/** The last entry of a backup: what must be in it. A backup without it was interrupted. */
import { createHash } from 'node:crypto';
import { z } from 'zod';

export const manifestName = 'manifest.json';

const entry = z.object({ name: z.string(), size: z.number(), sha256: z.string() });

const manifest = z.object({
  /** Of this layout; a reader refuses what it does not know. */
  format: z.literal(1),
  createdAt: z.string(),
  /** Which Iroko made it. */
  version: z.string(),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()), rows: z.number() })),
  sequences: z.array(z.object({ name: z.string(), value: z.string() })),
  files: z.number(),
  /** What the master key hashes to: it may lie outside the backup, and nothing sealed opens with another. */
  masterKey: z.string().nullable(),
  entries: z.array(entry),
});

export type Manifest = z.infer<typeof manifest>;
export type ManifestEntry = z.infer<typeof entry>;

/** Undefined when the text is no manifest that we know. */
export function readManifest(text: string): Manifest | undefined {
  try {
    return manifest.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Tells one key from another without giving it away. */
export function fingerprintOf(masterKey: string): string {
  return createHash('sha256').update(`iroko backup ${masterKey}`).digest('hex');
}

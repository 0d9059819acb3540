import { z } from 'zod';

/** Version of the archive's own make-up: which entries it has, in which order. */
export const ARCHIVE = 1;

/** First entry: whoever cannot read the rest learns it here. */
export const HEAD = 'backup.json';
/** Last entry but one: every file with its checksum. */
export const MANIFEST = 'manifest.json';
/** Last entry: the manifest's own checksum, as `sha256sum --check` reads it. An archive without it was cut short. */
export const MANIFEST_SUM = 'manifest.json.sha256';

export const head = z.looseObject({
  archive: z.int().min(1),
  /** Format of the data folder, see `format.ts`. */
  format: z.int().min(0),
  /** Version of the program that made the backup. */
  version: z.string(),
  /** When it began: whatever was acknowledged before is in it. */
  made_at: z.iso.datetime(),
  secrets: z.boolean(),
});

export type Head = z.output<typeof head>;

const file = z.looseObject({
  path: z.string(),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type BackedUpFile = z.output<typeof file>;

export const manifest = z.looseObject({
  /** How far each log was copied. */
  positions: z.array(z.looseObject({ log: z.string(), segment: z.int(), offset: z.int() })),
  files: z.array(file),
});

export type Manifest = z.output<typeof manifest>;

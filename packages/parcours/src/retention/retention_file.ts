import { readFile } from 'node:fs/promises';
import type { Expiry } from '@parcours/store';
import { z } from 'zod';
import { replaceFile } from '../whole_file.ts';

const ROWS = ['exempt', 'events', 'failed', 'counts'] as const;

const heldRow = z.object({
  site: z.string(),
  class: z.enum(ROWS),
  /** Days for which the policy keeps them. */
  days: z.number(),
  /** The first day that stays, `YYYY-MM-DD`. */
  before: z.string(),
  /** Rows taken, or that would be; of what is exempt rounded to ten, and so is `left`. */
  removed: z.number(),
  /** Rows left, and when the oldest of them was received. */
  left: z.number(),
  oldest: z.string().optional(),
});

const heldFiles = z.object({
  class: z.enum(['log', 'receipts', 'tombstones', 'audit']),
  /** Of receipts those after the end of the choice, for a site that the policy does not name. */
  days: z.number(),
  /** Segments of the log, receipts, marks of the erased, or entries of the audit log. */
  removed: z.number(),
  oldest: z.string().optional(),
  /** Writers whose receipts or entries stay because something is wrong with what is due: `receipts verify` or `audit verify` names it. */
  faulty: z.array(z.string()).readonly().optional(),
});

const run = z.object({
  at: z.string(),
  took_ms: z.number(),
  policy_version: z.string(),
  policy_hash: z.string(),
  rows: z.array(heldRow),
  files: z.array(heldFiles),
});

const file = z.object({
  v: z.literal(1),
  /** All that was ever taken by age: the furthest day of each class of a site. A rebuild brings none of it back. */
  expired: z.array(z.object({ site: z.string(), class: z.enum(ROWS), before: z.string() })),
  last_run: run.optional(),
});

/** What one run of retention did, or would do. */
export type RetentionRun = z.infer<typeof run>;
export type HeldFiles = z.infer<typeof heldFiles>;
export type RetentionFile = z.infer<typeof file>;

const NONE: RetentionFile = { v: 1, expired: [] };

/**
 * What retention has done in a data folder: `retention.json`. Nothing where it never ran.
 *
 * @throws where the file is there and cannot be read: what was taken must not come back because that is not known
 */
export async function readRetentionFile(path: string): Promise<RetentionFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NONE;
    throw error;
  }
  try {
    return file.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} is damaged: restore it from a backup, or remove it and run retention again`, { cause });
  }
}

/** Writes it whole or not at all, and resolves once it is on disk. */
export const writeRetentionFile = (path: string, content: RetentionFile): Promise<void> =>
  replaceFile(path, `${JSON.stringify(content)}\n`);

/** The expiries of before and of now, of each class of a site the one that reaches further. */
export function withExpiries(known: readonly Expiry[], more: readonly Expiry[]): Expiry[] {
  const furthest = new Map<string, Expiry>();
  for (const { site, class: of, before } of [...known, ...more]) {
    const key = `${of} ${site}`;
    const at = furthest.get(key)?.before ?? '';
    if (before > at) furthest.set(key, { site, class: of, before });
  }
  return [...furthest.values()];
}

import { readdirSync, readFileSync } from 'node:fs';
import type { EventResult } from '../batch.ts';
import type { PolicyRules } from '../consent/policy.ts';

/** A batch, and how each of its items must end. Times are those of 2026-11-22, 10:00 UTC, when it "was received". */
export interface JudgedBatch {
  readonly name: string;
  readonly title: string;
  readonly batch: { readonly events: readonly unknown[]; readonly sent_at: string };
  /** The policy in force: `{ "policy": 1, "version": "1.0.0", "rules": … }`. Default: the built-in one. */
  readonly rules?: PolicyRules;
  readonly results: readonly Pick<EventResult, 'status' | 'code' | 'path'>[];
}

/** A body that is refused whole. */
export interface RefusedBatch {
  readonly name: string;
  readonly title: string;
  readonly batch: unknown;
  readonly status: number;
  readonly code: string;
  readonly path: string;
}

/** The time at which the corpus counts as received. */
export const RECEIVED_AT = Date.parse('2026-11-22T10:00:01.250Z');

/** The key under which the receipts of the corpus were made. */
export const RECEIPT_KEY = Uint8Array.from({ length: 32 }, (_, index) => index);

/** One folder of the corpus: batches that every collector and every sender is held to. For tests, of any package. */
export function readCorpus(kind: 'valid' | 'invalid'): readonly JudgedBatch[];
export function readCorpus(kind: 'refused'): readonly RefusedBatch[];
export function readCorpus(kind: string): readonly unknown[] {
  const folder = new URL(`./${kind}/`, import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({ name: file.slice(0, -5), ...JSON.parse(readFileSync(new URL(file, folder), 'utf8')) }));
}

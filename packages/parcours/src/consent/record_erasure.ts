import type { ControlWriter } from '@parcours/store/control';

/** A visitor's erasure as every collector and the reader must learn it. */
export interface Erasure {
  readonly site: string;
  /** `erasedHash` of each id. */
  readonly hashes: readonly string[];
}

/** Hashes of its own that a collector remembers: a second later it has them from what it follows. */
const REMEMBERED = 10_000;

/** Records erasures, and knows of each from the moment on at which it is told: events may come in the same second. */
export function createErasureRecorder(writer: Pick<ControlWriter, 'append'>): {
  /** Resolves once it is on disk. One that failed is not known of, and may be told again. */
  record(erasure: Erasure): Promise<void>;
  has(site: string, hash: string): boolean;
  hasAny(): boolean;
} {
  const own = new Set<string>();
  const nameOf = (site: string, hash: string): string => `${site} ${hash}`;
  return {
    async record({ site, hashes }) {
      for (const hash of hashes) own.add(nameOf(site, hash));
      try {
        await writer.append({ kind: 'subject_erased', hashes, site });
      } catch (error) {
        for (const hash of hashes) own.delete(nameOf(site, hash));
        throw error;
      }
      if (own.size > REMEMBERED) for (const oldest of own) if (own.delete(oldest)) break;
    },
    has: (site, hash) => own.has(nameOf(site, hash)),
    hasAny: () => own.size > 0,
  };
}

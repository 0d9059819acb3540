/** What every record of a chain holds beside what it says. */
export interface ChainRecord {
  /** Counts its writer's tries to write a record: rises along the chain, and no two records share one. */
  readonly seq: number;
  /** Hash of the record before this one in its writer's chain; null in the first. */
  readonly previous: string | null;
  /** Ed25519 over the 32 bytes of the record's hash, base64url. */
  readonly signature: string;
}

/** One kind of chained record: how its lines are read, and told of where something is wrong with them. */
export interface ChainKind<R extends ChainRecord> {
  /** What is wrong with a value that should be such a record, in words; undefined where nothing is. */
  readonly fault: (value: unknown) => string | undefined;
  readonly idOf: (record: R) => string;
  /** When it was written, UTC. */
  readonly timeOf: (record: R) => string;
}

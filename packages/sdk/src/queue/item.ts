/** An event in the queue: frozen text, ready to be put into a batch. */
export interface Item {
  /** The event id, a UUIDv7: sorts by time. */
  readonly id: string;
  /** When it happened, ms since the epoch. */
  readonly at: number;
  /** The event as JSON, without `stamp`: its index is known only in a batch. */
  readonly text: string;
  /** Its consent stamp as JSON. */
  readonly stamp: string;
  /** Bytes that it takes in a batch, give or take what its visitor needs less. */
  readonly bytes: number;
  /** Name of its chunk: what it was written to the disk with, once. None before. */
  chunk?: string | undefined;
}

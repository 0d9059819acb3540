/** What the visitor's rights need beside the collector itself. Without an option the page does not offer what needs it. */
export interface RightsOptions {
  /**
   * Records that a visitor was erased, for every collector and for the tables, and resolves once it is on disk. From then on
   * `consent.isErased` must know of it here. Default: erasing is not offered.
   */
  readonly recordErasure?: (erasure: VisitorErasure) => Promise<unknown>;
  /**
   * What the tables hold of a visitor, as the pieces of one JSON document. Default: it is not offered.
   *
   * @throws TablesUnavailable where they cannot be asked now
   */
  readonly exportVisitor?: (request: VisitorExport) => Promise<AsyncIterable<Uint8Array>>;
  /** Writes down what a visitor asked for and got; resolves once it is on disk. Default: nowhere. */
  readonly audit?: (entry: VisitorAudit) => Promise<unknown>;
  /** Days for which the log keeps what was received. Default 7. */
  readonly logDays?: number;
}

export interface VisitorErasure {
  readonly site: string;
  /** `erasedHash` of each of the visitor's ids, under `consent.receiptKey`. */
  readonly hashes: readonly string[];
}

export interface VisitorExport {
  readonly site: string;
  readonly visitorId: string;
  /** Ends it when the visitor is gone. */
  readonly signal: AbortSignal;
}

export interface VisitorAudit {
  readonly action: 'opted_out' | 'subject_exported' | 'subject_erased';
  readonly site: string;
  /** `subjectOf` the visitor. */
  readonly subject: string;
  /** Of an erasure: the day on which the log has nothing of it any more, `YYYY-MM-DD`, UTC. */
  readonly logGoneBy?: string;
}

/** The tables cannot be asked now: the reader is away, or has too much in hand. */
export class TablesUnavailable extends Error {
  constructor(cause?: unknown) {
    super('the tables cannot be asked now', { cause });
    this.name = 'TablesUnavailable';
  }
}

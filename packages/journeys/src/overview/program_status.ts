/** How the items received since the collector's start ended: received = accepted + duplicate + filtered + failed + retry. */
export interface CollectorAccounts {
  readonly received: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly filtered: number;
  readonly failed: number;
  readonly retry: number;
}

/** A process of the program. Times are ms since the epoch. */
export interface ConsolePart {
  readonly role: 'collector' | 'reader';
  readonly isUp: boolean;
  /** When the process that runs now was started. */
  readonly startedAt?: number;
  /** Times that it was started again since the program began. */
  readonly restarts: number;
}

/** An alert that is on. */
export interface ConsoleAlert {
  readonly name: string;
  readonly since: number;
  /** One line in English, for alerts that the pages have no text of their own for. */
  readonly text: string;
}

/** What only the program knows, for its overview. */
export interface ConsoleStatus {
  readonly startedAt: number;
  readonly parts: readonly ConsolePart[];
  readonly alerts: readonly ConsoleAlert[];
  readonly accounts?: CollectorAccounts;
}

/** What the overview asks of the loader. */
export interface LoaderFigures {
  /** Every record that was in the log this long ago is loaded, ms. */
  readonly lagMs: number;
  /** Bytes in the log beyond what is loaded. */
  readonly backlogBytes: number;
  /** What the last load failed with. */
  readonly lastError?: string;
}

/** A site in force. Its public keys are no secret. */
export interface ConsoleSite {
  readonly id: string;
  readonly origins: readonly string[];
  readonly keys: readonly string[];
}

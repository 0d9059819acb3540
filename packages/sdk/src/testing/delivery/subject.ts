/**
 * A tracker as the contract of polite retry sees it. One such adapter holds any SDK to it: the contract knows nothing of its
 * wire but what the adapter reads and writes.
 */
export interface DeliverySubject {
  /** Opens the first page of a visitor who has granted everything, with nothing to send. */
  start(surroundings: Surroundings): Sender;
  /** What a request tells, in its order. */
  eventsOf(body: string): readonly SentEvent[];
  /** The losses that a request reports. */
  lossesIn(body: string): number;
  /** The text that answers a request with one verdict for each of its events. */
  answerTo(body: string, verdicts: readonly Verdict[]): string;
}

/** What the adapter puts in place of the browser's own. Timers, clock, random numbers and the window are the global ones. */
export interface Surroundings {
  readonly fetch: typeof fetch;
  readonly sendBeacon: Navigator['sendBeacon'];
}

export interface Sender {
  /** Records an event. */
  track(name: string, props?: object): void;
  /** Asks for a try now, as an app may. */
  flush(): unknown;
  /** Events that it has told to be lost. */
  lost(): number;
  /** The page goes, and the same visitor's next one comes. */
  reload(): Sender;
  /** Ends it: nothing is sent from now on. */
  stop(): void;
}

export interface SentEvent {
  readonly id: string;
  readonly at: string;
  readonly name: string;
  /** All that is said of it, as text: the same on every try. */
  readonly text: string;
}

/** The collector has it, had it, may not keep it, cannot read it, or wants it again. */
export type Verdict = 'accepted' | 'duplicate' | 'filtered' | 'failed' | 'retry';

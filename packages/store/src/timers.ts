/** Time as a parameter: a test can hold it in its hand. */
export interface Timers {
  /** Ms since the epoch. */
  now(): number;
  /** Calls once after `ms`; returns what calls it off. Never keeps the process alive by itself. */
  after(ms: number, call: () => void): () => void;
}

/** The machine's own time. */
export const systemTimers: Timers = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

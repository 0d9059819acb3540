import type { DuckDBConnection } from '@duckdb/node-api';
import type { Timers } from '../../timers.ts';

const AGAIN_MS = 20;

/** Ends whatever runs on a connection, until it is stopped. */
export interface Interrupts {
  begin(): void;
  stop(): void;
}

/** Again and again, for an interrupt that comes just before a statement begins interrupts nothing. */
export function createInterrupts(connection: DuckDBConnection, timers: Timers): Interrupts {
  let callOff = (): void => undefined;
  const begin = (): void => {
    callOff();
    connection.interrupt();
    callOff = timers.after(AGAIN_MS, begin);
  };
  return { begin, stop: () => callOff() };
}

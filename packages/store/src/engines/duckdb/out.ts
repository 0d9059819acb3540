import { randomUUID } from 'node:crypto';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Timers } from '../../timers.ts';
import { QueryError } from '../errors.ts';
import { createInterrupts } from './interrupts.ts';
import { asQueryError } from './query_error.ts';

const CALLED_OFF = 'it was called off';

/** What leaves the engine in one piece or as a stream: exports and snapshots, one at a time. */
export interface Out {
  /**
   * Runs `work` on a connection of its own; what it gives out is read to its end or let go of, then all is tidied up.
   * Whatever runs is interrupted where the signal says so or the engine closes.
   */
  run<T extends { readonly pieces: AsyncIterable<Uint8Array> }>(
    signal: AbortSignal | undefined,
    work: (connection: DuckDBConnection, outgoing: OutgoingFiles) => Promise<T>,
  ): Promise<T>;
  /** Waits until nothing leaves any more. */
  close(): Promise<void>;
}

/** Files of what is being made, gone when the work is. */
export interface OutgoingFiles {
  /** A path of its own in the one folder that the engine may write such files to. */
  path(extension: string): string;
  /** Bytes free beside them. */
  freeBytes(): Promise<number>;
}

/** Opens a folder for what goes out, and removes what a killed process left in it. */
export async function openOut({
  folder,
  connect,
  timers,
  closing,
}: {
  readonly folder: string;
  readonly connect: () => Promise<DuckDBConnection>;
  readonly timers: Timers;
  readonly closing: AbortSignal;
}): Promise<Out> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let running: Promise<void> | undefined;

  return {
    async run(signal, work) {
      const ended = AbortSignal.any([closing, ...(signal ? [signal] : [])]);
      const goOn = (): void => {
        if (ended.aborted) throw new QueryError('timeout', CALLED_OFF);
      };
      goOn();
      if (running) throw new QueryError('busy', 'another export or snapshot is being made; try again when it is done');
      let done = (): void => undefined;
      running = new Promise((resolve) => {
        done = resolve;
      });
      const made: string[] = [];
      let letGo = (): void => undefined;
      // Once, whoever comes first: the reader at its end, or the signal where nobody reads.
      let isOver = false;
      const end = async (): Promise<void> => {
        if (isOver) return;
        isOver = true;
        letGo();
        for (const path of made.splice(0)) await rm(path, { force: true });
        running = undefined;
        done();
      };
      const toTell = (error: unknown): Error => asQueryError(error, ended.aborted ? CALLED_OFF : undefined);
      try {
        const connection = await connect();
        const interrupts = createInterrupts(connection, timers);
        ended.addEventListener('abort', interrupts.begin);
        letGo = () => {
          ended.removeEventListener('abort', interrupts.begin);
          interrupts.stop();
          connection.closeSync();
        };
        const result = await work(connection, {
          path(extension) {
            const path = join(folder, `${randomUUID()}.${extension}`);
            made.push(path, `${path}.wal`);
            return path;
          },
          async freeBytes() {
            const { bavail, bsize } = await statfs(folder);
            return bavail * bsize;
          },
        });
        goOn();
        return { ...result, pieces: attended(result.pieces, { ended, end, toTell }) };
      } catch (error) {
        await end();
        throw toTell(error);
      }
    },
    close: async () => running,
  };
}

/**
 * Pieces that end the work behind them when they are read to their end, let go of, or called off. Not a generator: one that
 * was never begun runs nothing when it is let go of.
 */
function attended(
  pieces: AsyncIterable<Uint8Array>,
  {
    ended,
    end,
    toTell,
  }: { readonly ended: AbortSignal; readonly end: () => Promise<void>; readonly toTell: (error: unknown) => Error },
): AsyncIterable<Uint8Array> {
  const inner = pieces[Symbol.asyncIterator]();
  let isBusy = false;
  const stop = async (): Promise<void> => {
    ended.removeEventListener('abort', onAbort);
    await inner.return?.();
    await end();
  };
  const onAbort = (): void => {
    // What is being read ends by the interrupt.
    if (!isBusy) void stop();
  };
  ended.addEventListener('abort', onAbort);
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      isBusy = true;
      try {
        if (ended.aborted) throw new Error('called off');
        const result = await inner.next();
        if (result.done) await stop();
        return result;
      } catch (error) {
        await stop();
        throw toTell(error);
      } finally {
        isBusy = false;
      }
    },
    async return() {
      await stop();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

/** A file as pieces of bounded size. */
export async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    yield* file.createReadStream({ autoClose: false, highWaterMark: 256 * 1024 });
  } finally {
    await file.close();
  }
}

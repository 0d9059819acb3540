import type { LiveLine } from '@parcours/journeys';
import { expect, it } from 'vitest';
import { RefusedError } from '../refused_error.ts';
import { followLines, type Lines } from './follow.ts';

const line = (detail: string, more: Partial<LiveLine> = {}): LiveLine => ({
  received_at: '2026-11-25T10:00:00.000Z',
  site: 'shop',
  type: 'page_view',
  decision: 'accepted',
  detail,
  count: 1,
  ...more,
});

/** A stream as the reader sends it, which then breaks off. */
const streamOf = (...messages: readonly Lines[]): Response =>
  new Response(messages.map((message) => `event: lines\ndata: ${JSON.stringify(message)}\n\n`).join(''));

/** Follows some streams, one after another, until they are used up. */
async function follow(streams: readonly (Response | undefined | Error)[]) {
  const left = [...streams];
  const stopped = new AbortController();
  const told: string[] = [];
  const waits: number[] = [];
  await followLines({
    connect: async () => {
      const next = left.shift();
      if (next instanceof Error) throw next;
      return next;
    },
    onLines: ({ lines, skipped }, isFirst) => {
      told.push(
        ...lines.map(({ detail }) => detail),
        ...(skipped > 0 ? [`${skipped} skipped`] : []),
        ...(isFirst ? ['first'] : []),
      );
    },
    onLost: () => {
      if (left.length === 0) stopped.abort();
    },
    signal: stopped.signal,
    wait: async (ms) => void waits.push(ms),
  });
  return { told, waits };
}

it('tells lines as they come, and how many were left out', async () => {
  const { told } = await follow([streamOf({ lines: [line('/a')], skipped: 0 }, { lines: [line('/b')], skipped: 7 })]);
  expect(told).toEqual(['/a', 'first', '/b', '7 skipped']);
});

it('tells nothing twice when the reader was started anew, and leaves out nothing that only looks the same', async () => {
  const { told } = await follow([
    streamOf({ lines: [line('/a'), line('/a'), line('/b')], skipped: 0 }),
    streamOf(
      { lines: [line('/a'), line('/a'), line('/b'), line('/b'), line('/c')], skipped: 0 },
      { lines: [line('/a')], skipped: 0 },
    ),
  ]);
  expect(told).toEqual(['/a', '/a', '/b', 'first', '/b', '/c', '/a']);
});

it('tells nothing twice that the reader had read but not loaded when it was killed, and reads again', async () => {
  const { told } = await follow([
    streamOf({ lines: [], skipped: 0 }, { lines: [line('/a')], skipped: 0 }),
    streamOf({ lines: [], skipped: 0 }, { lines: [line('/a'), line('/b')], skipped: 0 }),
  ]);
  expect(told).toEqual(['first', '/a', '/b']);
});

it('asks again with growing pauses while nothing answers, and quickly again once something did', async () => {
  const { waits } = await follow([
    undefined,
    new TypeError('fetch failed'),
    undefined,
    undefined,
    undefined,
    streamOf({ lines: [], skipped: 0 }),
    undefined,
  ]);
  expect(waits).toEqual([500, 1000, 2000, 4000, 5000, 500, 1000]);
});

it('ends where the reader refuses', async () => {
  await expect(follow([new RefusedError('unauthorised', 'no')])).rejects.toThrow('no');
});

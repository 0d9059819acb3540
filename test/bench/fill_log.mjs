import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog, readLog } from '../../packages/store/dist/log.js';
import { createBatches, placesOf } from './batches.mjs';
import { post } from './load.mjs';
import { startCollector, writeSecrets } from './servers.mjs';

const SAMPLES = 500;
const EVENTS = 10;
const IN_FLIGHT = 500;

/**
 * Records as a collector writes them, taken from a log that one has just written.
 *
 * @param {(record: any) => object} [alter]  what each is to be instead
 * @returns {Promise<readonly Sample[]>}
 *
 * @typedef {{ body: Buffer, ids: readonly number[], times: readonly number[], visitors: readonly number[], visits: readonly number[] }} Sample
 *   `ids` and so on: where in the record such a value begins
 */
export async function sampleRecords(alter = (record) => record) {
  const folder = await mkdtemp(join(tmpdir(), 'parcours-bench-'));
  try {
    const { next } = createBatches(await writeSecrets(folder));
    const server = await startCollector(folder);
    for (let n = 0; n < SAMPLES; n++) await post(server, Buffer.from(next()));
    await server.stop('SIGTERM');
    const samples = [];
    for await (const { records } of readLog({ folder: join(folder, 'log', 'collector-0') }))
      for (const record of records) samples.push(sampleOf(alter(JSON.parse(Buffer.from(record).toString()))));
    return samples;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sampleOf(record) {
  const text = JSON.stringify(record);
  const { received_at, sent_at, events } = record;
  const number = events[0].visitor_id.slice(-12);
  // And of no event that happens to have the same number.
  const numbered = (before) => placesOf(text, `${before}${number}"`).map((place) => place + before.length);
  return {
    body: Buffer.from(text),
    ids: events.flatMap(({ event_id }) => placesOf(text, event_id)),
    times: [...new Set([received_at, sent_at])].flatMap((time) => placesOf(text, time)),
    visitors: ['aaaa-7000-8000-', CUSTOMER, CONTACT].flatMap(numbered),
    // Sessions and page views.
    visits: ['bbbb-7000-8000-', 'cccc-7000-8000-'].flatMap(numbered),
  };
}

/** What an event's keys may be, followed by the visitor's number of twelve digits. */
export const CUSTOMER = 'customer-';
export const CONTACT = 'contact-hashed-by-a-key-of-32by-';

/**
 * Writes a log by the store's own writer: one visit of ten events after another, each with ids of its own, received evenly over some time.
 *
 * @param {{ samples: readonly Sample[], folder: string, events: number, from: number, to: number, repeated?: number, visitorOf?: (visit: number) => number }} options
 *   `folder` of the log; `from` and `to`: ms since the epoch; `repeated`: one record of so many comes twice, as after an answer that was
 *   lost; `visitorOf` a visit, each of somebody else where it is not given
 * @returns {Promise<{ written: number }>} events, those that came twice counted once
 */
export async function fillLog({
  samples,
  folder,
  events,
  from,
  to,
  repeated = Number.POSITIVE_INFINITY,
  visitorOf = (visit) => visit,
}) {
  const log = await openLog({ folder, maxBacklogBytes: 1e13 });
  const run = `019aa1c0-${randomBytes(2).toString('hex')}-7${randomBytes(2).toString('hex').slice(1)}-8000-`;
  const count = Math.ceil(events / EVENTS);
  let waiting = [];
  let written = 0;
  for (let n = 0; n < count; n++) {
    const { body, ids, times, visitors, visits } = samples[n % samples.length];
    const received = new Date(from + ((to - from) * n) / count).toISOString();
    for (const [seq, place] of ids.entries())
      body.write(run + (n * EVENTS + seq).toString(16).padStart(12, '0'), place, 'latin1');
    for (const place of times) body.write(received, place, 'latin1');
    const visitor = String(visitorOf(n)).padStart(12, '0');
    for (const place of visitors) body.write(visitor, place, 'latin1');
    for (const place of visits) body.write(String(n).padStart(12, '0'), place, 'latin1');
    const record = body.toString();
    waiting.push(log.append(record));
    written += ids.length;
    if (n % repeated === repeated - 1) waiting.push(log.append(record));
    if (waiting.length >= IN_FLIGHT) {
      await Promise.all(waiting);
      waiting = [];
    }
  }
  await Promise.all(waiting);
  await log.close();
  return { written };
}

import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Policy } from '@parcours/protocol';
import { DEFAULT_POLICY_HASH } from '@parcours/protocol/policy';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { readAudit } from '../audit/read.ts';
import { appendControl } from '../control/append.ts';
import { KINDS } from '../control/kinds/index.ts';
import type { SubjectBy } from '../control/subject_ids.ts';
import { createSubjectReader } from '../engines/duckdb/subject-read.ts';
import { openDuckDb } from '../engines/duckdb.ts';
import type { Engine } from '../engines/engine.ts';
import { DAY_MS, eventId, exampleChunk, exampleRecord, T0 } from '../engines/example-chunks.ts';
import type { StoredEvent } from '../log/record.ts';
import { subjectOf } from '../receipts/ids.ts';
import { openReceipts } from '../receipts/open.ts';
import { testReceipt } from '../receipts/testing.ts';
import { TABLES } from '../tables/tables.ts';
import { contactHash } from './asked.ts';
import { CONTROL_DATA, TABLE_DATA } from './person_data.ts';
import { createSubjects, type Subjects, type SubjectsOptions } from './subjects.ts';

const KEY = new Uint8Array(32).fill(2);
const ASKER = { by: 'privacy', byKey: 'k_1' } as const;
const NOW = T0 + 3 * DAY_MS;

let segment = 0;
let folder: string;
let engine: Engine;
let subjects: Subjects;
beforeEach(async () => {
  segment = 0;
  folder = await mkdtemp(join(tmpdir(), 'parcours-subjects-'));
  engine = await openDuckDb({ path: join(folder, 't.duckdb'), folder, threads: 2 });
  subjects = subjectsOf(engine);
});
const subjectsOf = (its: Engine, more: Partial<SubjectsOptions> = {}): Subjects =>
  createSubjects({
    engine: its,
    drain: async () => undefined,
    control: join(folder, 'control'),
    receipts: join(folder, 'receipts'),
    audit: join(folder, 'audit'),
    writer: 'reader',
    keys: { receipts: KEY, join: KEY, signing: KEY },
    logDays: 7,
    retentionOf: () => ({ events_days: 395 }),
    now: () => NOW,
    ...more,
  });
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function load(rows: readonly Partial<StoredEvent>[], more: object = {}): Promise<void> {
  const events = rows.map((row, n) => ({
    ...{ event_id: eventId(segment * 1000 + n), type: 'page_view', occurred_at: new Date(T0).toISOString(), stamp: 0 },
    ...row,
  }));
  await engine.load(exampleChunk([exampleRecord(events, more)], { segment: ++segment }));
}
const find = (by: SubjectBy, value: string, site?: string) => subjects.findSubject({ by, value, site });
const ids = async (by: SubjectBy, value: string): Promise<readonly string[]> =>
  (await find(by, value)).ids.map(({ kind, value: id }) => `${kind} ${id}`).sort();

describe('finds every id of one person, and of nobody else', () => {
  it('from any of them, over browsers, contacts and cards', async () => {
    await load([
      { visitor_id: 'phone', keys: { customer_id: 'C-1' }, session_id: 's-1' },
      { visitor_id: 'laptop', keys: { email_hmac: 'mail' } },
      { visitor_id: 'phone', keys: { email_hmac: 'mail', loyalty_card: 'L-1' }, order_id: 'O-1' },
      { visitor_id: 'laptop', client_visitor_id: 'older' },
      { order_id: 'O-1' },
      { visitor_id: 'other', keys: { customer_id: 'C-2', coupon: 'SUMMER' }, order_id: 'O-2' },
      { visitor_id: 'phone', keys: { coupon: 'SUMMER' } },
    ]);
    const all = [
      'customer_id C-1',
      'email mail',
      'loyalty_card L-1',
      'order_id O-1',
      'session s-1',
      'visitor laptop',
      'visitor older',
      'visitor phone',
    ];
    for (const [by, value] of [
      ['customer_id', 'C-1'],
      ['visitor', 'older'],
      ['loyalty_card', 'L-1'],
      ['email', 'mail'],
      ['order_id', 'O-1'],
    ] as const)
      expect(await ids(by, value)).toEqual(all);
    expect((await find('customer_id', 'C-1')).rows).toEqual({ events: 6, failed: 0, days: 1 });
    expect(await ids('customer_id', 'C-2')).toEqual(['customer_id C-2', 'order_id O-2', 'visitor other']);
  });

  it('an e-mail and a phone by what is written', async () => {
    await load([
      { visitor_id: 'a', keys: { email_hmac: contactHash(KEY, 'jo@mail.example') } },
      { visitor_id: 'b', keys: { phone_hmac: contactHash(KEY, '+33612345678') } },
    ]);
    expect(await ids('email', ' Jo@Mail.example ')).toContain('visitor a');
    expect(await ids('phone', '+33 6 12 34 56 78')).toContain('visitor b');
  });

  it('never through a browser of two customers, nor to the second', async () => {
    await load([
      { visitor_id: 'shared', keys: { customer_id: 'C-1' } },
      { visitor_id: 'shared', keys: { customer_id: 'C-2' } },
      { visitor_id: 'shared' },
      { visitor_id: 'own', keys: { customer_id: 'C-1' } },
    ]);
    expect(await find('customer_id', 'C-1')).toMatchObject({
      ids: [
        { kind: 'customer_id', value: 'C-1' },
        { kind: 'visitor', value: 'own' },
      ],
      notFollowed: [{ kind: 'visitor', value: 'shared' }],
      rows: { events: 2 },
    });
    // The browser itself, where that is what is asked for: its rows, and neither customer's elsewhere.
    expect(await find('visitor', 'shared')).toMatchObject({ ids: [{ value: 'shared' }], rows: { events: 3 } });
  });

  it('never through a contact that leads to a second customer, nor through a kiosk', async () => {
    await load([
      { visitor_id: 'a', keys: { customer_id: 'C-1', email_hmac: 'house' } },
      { visitor_id: 'b', keys: { customer_id: 'C-2', email_hmac: 'house' } },
      ...[1, 2, 3, 4].map((n) => ({ visitor_id: 'kiosk', keys: { email_hmac: `m-${n}` } })),
    ]);
    expect(await ids('customer_id', 'C-1')).toEqual(['customer_id C-1', 'visitor a']);
    expect(await ids('email', 'm-1')).toEqual(['email m-1']);
  });

  it('on one site alone where it is asked to', async () => {
    await load([{ visitor_id: 'v', keys: { customer_id: 'C-1' } }]);
    await load([{ visitor_id: 'w', keys: { customer_id: 'C-1' } }], { site: 'shop-be' });
    expect(await find('customer_id', 'C-1')).toMatchObject({ sites: ['shop-be', 'shop-fr'], rows: { events: 2 } });
    expect(await find('customer_id', 'C-1', 'shop-be')).toMatchObject({ sites: ['shop-be'], rows: { events: 1 } });
  });

  it('in failed items too', async () => {
    const item = JSON.stringify({ visitor_id: 'v', keys: { customer_id: 'C-1' } });
    await load([{ visitor_id: 'v' }], { failed: [{ stage: 'validate', code: 'c', path: '', message: 'm', item }] });
    expect(await find('customer_id', 'C-1')).toMatchObject({ rows: { events: 1, failed: 1 } });
  });

  it.each<[SubjectBy, string, string]>([
    ['customer_id', 'nobody', 'unknown_subject'],
    ['receipt', 'short', 'bad_id'],
    ['phone', '0612345678', 'bad_id'],
    ['visitor', ' ', 'bad_id'],
  ])('%s %j is refused: %s', async (by, value, code) => {
    await load([{ visitor_id: 'v' }]);
    await expect(find(by, value)).rejects.toMatchObject({ code });
    expect(await entries()).toEqual([]);
  });
});

const entries = async () => {
  const all = [];
  for await (const { action, by, by_key, about, counts } of readAudit(join(folder, 'audit')))
    all.push({ action, by, by_key, about, counts });
  return all;
};

async function proof(visitor: string): Promise<void> {
  const receipts = await openReceipts({ folder: join(folder, 'receipts', 'collector-0'), signingKey: KEY });
  await receipts.append({ ...testReceipt(1), subject: subjectOf(KEY, 'shop-fr', visitor) });
  await receipts.append(testReceipt(2));
  await receipts.close();
}

test('an export holds everything of one person, byte for byte, and nothing of another', async () => {
  await proof('v');
  const item = JSON.stringify({ visitor_id: 'v', type: 'click' });
  await load([{ visitor_id: 'v', keys: { customer_id: 'C-1' }, url: 'https://shop.example/a', props: { n: 1 } }], {
    failed: [{ stage: 'validate', code: 'c', path: 'p', message: 'm', item }],
  });
  await load([{ visitor_id: 'w', keys: { customer_id: 'C-2' }, url: 'https://shop.example/secret' }]);
  let text = '';
  for await (const piece of await subjects.exportSubject({ by: 'customer_id', value: 'C-1' }, { asker: ASKER }))
    text += piece;
  await expect(text).toMatchFileSnapshot('./export.golden.txt');
  expect(JSON.parse(text).events).toHaveLength(1);
  expect(text).not.toMatch(/C-2|secret|"w"/);
  expect(await entries()).toEqual([
    {
      action: 'subject_exported',
      by: 'privacy',
      by_key: 'k_1',
      about: { by: 'customer_id' },
      counts: { events: 1, failed: 1, receipts: 1 },
    },
  ]);
});

describe('an export tells the policies and recipients', () => {
  const publish = (version: string, hash: string, rules: object) =>
    appendControl({
      ...{ folder: join(folder, 'control'), writer: 'cli' },
      decide: () => [
        { kind: 'policy_published', version, hash: hash.repeat(22), policy: { policy: 1, version, rules } as Policy },
      ],
    });
  const told = async (pieces: AsyncIterable<string>) => {
    let text = '';
    for await (const piece of pieces) text += piece;
    const { policies, recipients } = JSON.parse(text);
    return { policies: policies.map(({ hash }: { hash: string }) => hash), recipients };
  };
  const ask = async () => [
    await told(await subjects.exportSubject({ by: 'visitor', value: 'v' }, { asker: ASKER })),
    await told(await subjects.exportVisitor({ site: 'shop-fr', visitorId: 'v' })),
  ];
  const stamped = (policy?: string) =>
    load([{ visitor_id: 'v' }], {
      stamps: [
        {
          purposes: ['audience'],
          source: 'manual',
          at: new Date(T0).toISOString(),
          ...(policy && { policy_hash: policy }),
        },
      ],
    });

  it('of the built-in policy where it is in force, or was when something was told', async () => {
    await stamped(DEFAULT_POLICY_HASH);
    for (const each of await ask()) expect(each).toEqual({ policies: [DEFAULT_POLICY_HASH], recipients: [] });
    await publish('1.0.0', 'a', {});
    for (const each of await ask())
      expect(each).toEqual({ policies: [DEFAULT_POLICY_HASH, 'a'.repeat(22)], recipients: [] });
  });

  it('of the policy in force and of those that events and receipts name, and of no other', async () => {
    const host = { name: 'A host' };
    const agency = { name: 'An agency', purposes: ['ads_measurement'] };
    await publish('1.0.0', 'a', { recipients: [host, agency] });
    await publish('1.1.0', 'b', { recipients: [{ name: 'Nobody of theirs' }] });
    await publish('1.2.0', 'c', { recipients: [host] });
    await stamped('a'.repeat(22));
    const [a, c] = ['a'.repeat(22), 'c'.repeat(22)];
    for (const each of await ask())
      expect(each).toEqual({
        policies: [a, c],
        recipients: [
          { site: 'shop-fr', ...host, policies: [a, c] },
          { site: 'shop-fr', ...agency, policies: [a] },
        ],
      });
  });
});

test('rows of many days are told once each, in order, where days fill a page, share one, or have more than one', async () => {
  const days = [9, 9, 9, 1, 25, 3];
  const paged = subjectsOf({ ...engine, ...createSubjectReader(engine.query, 20) });
  for (const [day, count] of days.entries()) {
    // Midnight is of the day that begins.
    const at = new Date(T0 - (T0 % DAY_MS) + day * DAY_MS).toISOString();
    const rows = Array.from({ length: count }, (_, n) => ({
      event_id: eventId(day * 100 + n),
      visitor_id: 'v',
      seq: day,
    }));
    await load(rows, { received_at: at, sent_at: at });
  }
  let text = '';
  for await (const piece of await paged.exportSubject({ by: 'visitor', value: 'v' }, { asker: ASKER })) text += piece;
  const events: { event_id: string; seq: number }[] = JSON.parse(text).events;
  expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(56);
  expect(events.map(({ seq }) => seq)).toEqual(days.flatMap((count, day) => Array.from({ length: count }, () => day)));
});

test('a person of more rows than a page is streamed whole, each row once, in order', async () => {
  const rows = Array.from({ length: 2_500 }, (_, n) => ({ event_id: eventId(n), visitor_id: 'v', seq: n }));
  await load(rows.slice(0, 1_000));
  await load(rows.slice(1_000));
  let text = '';
  const lengths: number[] = [];
  for await (const piece of await subjects.exportSubject({ by: 'visitor', value: 'v' }, { asker: ASKER })) {
    text += piece;
    lengths.push(piece.length);
  }
  const seqs = JSON.parse(text).events.map(({ seq }: { seq: number }) => seq);
  expect(new Set(seqs).size).toBe(2_500);
  // The last one holds the policies.
  expect(Math.max(...lengths.slice(0, -1))).toBeLessThan(2_000);
});

describe('an erasure', () => {
  const erase = (more: object = {}, value = 'C-1') =>
    subjects.eraseSubject({ by: 'customer_id', value }, { asker: ASKER, ...more });
  const count = async (): Promise<unknown> => (await engine.query('SELECT count(*) FROM events')).rows[0]?.[0];
  beforeEach(async () => {
    await proof('v');
    await load([
      { visitor_id: 'v', keys: { customer_id: 'C-1' }, order_id: 'O-1' },
      { visitor_id: 'v' },
      { order_id: 'O-1' },
      { visitor_id: 'w', keys: { customer_id: 'C-2' } },
    ]);
  });

  it('takes the rows, seals the days anew, keeps the proof, and says until when what stays', async () => {
    await engine.sealDays('2026-11-21');
    const erased = await erase();
    expect(erased).toMatchObject({
      isErased: true,
      erased: { events: 3, failed: 0, days: 1 },
      receipts: 1,
      logGoneBy: new Date(NOW + 7 * DAY_MS + 7_200_000).toISOString(),
      refusedUntil: new Date(NOW + 425 * DAY_MS).toISOString(),
    });
    expect(await count()).toBe(1);
    expect(await engine.sealDays('2026-11-21')).toEqual([]);
    expect(await entries()).toMatchObject([{ action: 'subject_erased', counts: { events: 3, receipts_kept: 1 } }]);
    expect(JSON.stringify(await entries())).not.toMatch(/C-1|"v"/);
  });

  describe('that does not wait for its sealed days', () => {
    const failures: unknown[] = [];
    const impatient = () =>
      subjectsOf(engine, {
        sealing: {
          waitMs: 1,
          onFailed: (error) => failures.push(error),
          // It has been waited for long enough as soon as it begins.
          timers: {
            after(_, call) {
              call();
              return () => undefined;
            },
          },
        },
      });
    const asked = { by: 'customer_id', value: 'C-1' } as const;
    beforeEach(async () => {
      failures.length = 0;
      for (const day of [1, 2]) {
        const at = new Date(T0 + day * DAY_MS).toISOString();
        await load([{ visitor_id: 'v' }, { visitor_id: 'w' }], { received_at: at, sent_at: at });
      }
      await engine.sealDays('2026-11-23');
    });

    it('answers before, says how many are left, and goes on until none holds anything of them', async () => {
      const erased = await impatient().eraseSubject(asked, { asker: ASKER });
      expect(erased).toMatchObject({ isErased: true, erased: { events: 5, days: 3 } });
      expect(erased.daysToSeal).toBeGreaterThan(0);
      expect([await count(), await entries()]).toMatchObject([3, [{ action: 'subject_erased' }]]);
      // It waits for its turn behind those that are being written.
      expect(await engine.sealDays('2026-11-23')).toEqual([]);
      expect(failures).toEqual([]);
      expect(await find('customer_id', 'C-1')).toMatchObject({ rows: { events: 0 }, daysToSeal: 0 });
      expect(await sealedVisitors()).toEqual(['w']);
    });

    it('says why a day cannot be written, and the next sealing takes it', async () => {
      const days = join(folder, 'days', 'shop-fr');
      await rename(days, join(folder, 'elsewhere'));
      await writeFile(days, 'no folder');
      expect(await impatient().eraseSubject(asked, { asker: ASKER })).toMatchObject({ isErased: true, daysToSeal: 3 });
      await vi.waitFor(() => expect(failures).toHaveLength(1), { timeout: 5_000 });
      await rm(days);
      await rename(join(folder, 'elsewhere'), days);
      expect(await engine.sealDays('2026-11-23')).toHaveLength(3);
      expect(await sealedVisitors()).toEqual(['w']);
    });

    /** Whom the sealed files name, as a rebuild reads them. */
    async function sealedVisitors(): Promise<readonly unknown[]> {
      const other = await openDuckDb({ path: join(folder, 'other.duckdb'), folder, threads: 2 });
      await other.restoreDays();
      const { rows } = await other.query('SELECT DISTINCT visitor_id FROM events ORDER BY ALL');
      await other.close();
      return rows.map(([id]) => id);
    }
  });

  it('is told beforehand by a dry run, which changes nothing', async () => {
    expect(await erase({ dryRun: true })).toMatchObject({ isErased: false, erased: { events: 3 } });
    expect([await count(), await entries()]).toEqual([4, []]);
  });

  it('is done a second time without harm, and says that it was', async () => {
    await erase();
    expect(await erase()).toMatchObject({ erased: { events: 0 }, erasedAt: expect.stringContaining('2026-11-23') });
    expect(await count()).toBe(1);
  });

  it('of somebody of whom nothing is held is refused, unless it is meant', async () => {
    await expect(erase({}, 'C-9')).rejects.toMatchObject({ code: 'unknown_subject' });
    expect(await erase({ evenIfUnknown: true }, 'C-9')).toMatchObject({ isErased: true, erased: { events: 0 } });
    await load([{ visitor_id: 'offline', keys: { customer_id: 'C-9' } }]);
    expect(await count()).toBe(4);
  });
});

test('every table and every kind of control record is decided on', () => {
  expect(Object.keys(TABLE_DATA).sort()).toEqual(Object.keys(TABLES).sort());
  expect(Object.keys(CONTROL_DATA).sort()).toEqual(Object.keys(KINDS).sort());
});

it('gives a browser the rows of its own id on its own site, without the ids of customers who used it', async () => {
  const mine = { visitor_id: 'v-1', path: '/mine', keys: { customer_id: 'C-1', loyalty_card: 'L-1' } };
  await load([
    mine,
    { client_visitor_id: 'v-1', visitor_id: 'v-2', path: '/before' },
    { visitor_id: 'v-3', path: '/other' },
  ]);
  await load([{ visitor_id: 'v-4', path: '/till', keys: { customer_id: 'C-1' } }]);
  const [{ site }] = (await find('visitor', 'v-1')).sites.map((each) => ({ site: each })) as [{ site: string }];
  const read = async (visitor: { site: string; visitorId: string }) => {
    let text = '';
    for await (const piece of await subjects.exportVisitor(visitor)) text += piece;
    return { text, document: JSON.parse(text) as { ids: unknown; events: { path: string }[] } };
  };
  const { text, document } = await read({ site, visitorId: 'v-1' });
  expect(document.ids).toEqual([{ kind: 'visitor', value: 'v-1' }]);
  expect(document.events.map(({ path }) => path).sort()).toEqual(['/before', '/mine']);
  expect(text).not.toMatch(/C-1|L-1|\/other|\/till/);
  expect((await read({ site: 'elsewhere', visitorId: 'v-1' })).document.events).toEqual([]);
});

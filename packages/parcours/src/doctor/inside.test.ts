import { mkdir, open, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { appendControl, type NewRecord } from '@parcours/store/control';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { config as schema } from '../config/index.ts';
import { version } from '../version.ts';
import { segmentSizes } from './log_sizes.ts';
import { type Installation, lineOf, openInstallation, SITE, troublesOf } from './testing/installation.ts';

let installation: Installation;
const start = async (): Promise<void> => {
  installation = await openInstallation();
  await installation.send(3);
};
/** One for all tests of a block that leave it as it was. */
const share = (): void => {
  beforeAll(start);
  afterAll(() => installation.close());
};
/** One for each test of a block that breaks it for good. */
const renew = (): void => {
  beforeEach(start);
  afterEach(() => installation.close());
};

describe('keys', () => {
  share();

  it.each([
    ['no site', [], 'red no_site'],
    ['a site without key', [{ id: 'shop', keys: [], origins: ['https://shop.example'] }], 'red no_key'],
    ['a site without origin', [{ id: 'shop', keys: ['pk_demo'], origins: [] }], 'warning no_origin'],
    [
      'an origin over http',
      [{ id: 'shop', keys: ['pk_demo'], origins: ['http://shop.example'] }],
      'warning http_origin',
    ],
    ['an origin of this machine', [{ id: 'shop', keys: ['pk_demo'], origins: ['http://localhost:3000'] }], undefined],
  ])('%s', async (_, sites, trouble) => {
    const expected = trouble === undefined ? {} : { keys: trouble };
    expect(await troublesOf(await installation.context({ sites }))).toEqual(expected);
  });

  it('a key that ends soon, and none that ends later or has ended', async () => {
    const end = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
    const { control } = installation.folder;
    const record = (key: string, days: number) => {
      const fields = { kind: 'key_created', use: 'public', site: 'shop', public_key: `pk_${key}` } as const;
      const made: NewRecord = { ...fields, key, expires_at: end(days) };
      return appendControl({ folder: control, writer: 'test', decide: () => [made] });
    };
    await record('later', 30);
    await record('ended', -1);
    expect(await troublesOf(await installation.context())).toEqual({});
    await record('soon', 3);
    const context = await installation.context();
    expect(await troublesOf(context)).toEqual({ keys: 'warning ends_soon' });
    expect((await lineOf(context, 'keys')).faults[0]?.fix).toContain('parcours key rotate soon');
    await rm(control, { recursive: true });
  });
});

describe('versions', () => {
  renew();

  it('an old Node, another program, data of a newer version', async () => {
    expect(await troublesOf(await installation.context({ probes: { nodeVersion: '20.14.9' } }))).toEqual({
      versions: 'red node',
    });
    const run = { ...(await installation.context()).run!, version: '0.0.1' };
    expect(await troublesOf(await installation.context({ run }))).toEqual({ versions: 'warning other_program' });
    const format = join(installation.folder.root, 'format.json');
    for (const [text, trouble] of [
      ['{"format":99,"version":"9.0.0"}', 'red format_newer'],
      ['{}', 'red format_unknown'],
    ] as const) {
      await writeFile(format, text);
      expect(await troublesOf(await installation.context())).toEqual({ versions: trouble });
    }
    await rm(format);
    expect(await troublesOf(await installation.context())).toEqual({ versions: 'warning format_older' });
  });

  it('scripts of before that pages still load', async () => {
    await installation.send(2, { sdk: '0.0.9' });
    const context = await installation.context();
    expect(await troublesOf(context)).toEqual({ versions: 'warning old_scripts' });
    const [fault] = (await lineOf(context, 'versions')).faults;
    expect(fault?.found).toContain(`scripts of 0.0.9 (2 events) within the day, and ${version} is served`);
    expect(fault?.fix).toContain('/v/0.0.9/');
  });
});

describe('log', () => {
  renew();

  it('a byte that the disk has changed', async () => {
    await installation.store(2);
    const [segment] = await segmentSizes(installation.folder.logs);
    const file = await open(segment!.path, 'r+');
    await file.write('#', 40);
    await file.close();
    const context = await installation.context();
    expect(await troublesOf(context)).toEqual({ log: 'red bad_lines' });
    expect((await lineOf(context, 'log')).faults[0]?.found).toBe(
      `1 bad line: collector-0/${segment!.segment} at byte 0 (checksum)`,
    );
  });
});

describe('backlog', () => {
  renew();

  it('tells how long the oldest record waits, and what is too long', async () => {
    await installation.store(2);
    const later = (seconds: number) => ({ now: () => Date.now() + seconds * 1_000 });
    expect(await troublesOf(await installation.context({ probes: later(100) }))).toEqual({});
    const context = await installation.context({ probes: later(600) });
    expect(await troublesOf(context)).toEqual({ backlog: 'red lag' });
    expect((await lineOf(context, 'backlog')).found).toMatch(/wait, the oldest for 10 min$/);
  });

  it('tells what is too much, by the limits of the alerts', async () => {
    await installation.store(2);
    const config = schema.parse({ sites: [SITE], alerts: { backlogBytes: 100 } });
    expect(await troublesOf(await installation.context({ config }))).toEqual({ backlog: 'red large' });
  });

  it('tells the alerts that are on', async () => {
    const { ask } = (await installation.context()).probes;
    const text = '# TYPE parcours_alert_active gauge\nparcours_alert_active{alert="disk_free"} 1\n';
    const alerting: typeof ask = async (url, question) => {
      const answer = await ask(url, question);
      return String(url).endsWith('/metrics') ? { ...answer, body: text } : answer;
    };
    expect(await troublesOf(await installation.context({ probes: { ask: alerting } }))).toEqual({
      backlog: 'warning alert',
    });
  });
});

describe('failures', () => {
  renew();

  it('are told by their share, with the reason', async () => {
    const bad = (events: number) => ({
      events: Array.from({ length: events }, () => ({
        ...{ event_id: crypto.randomUUID(), type: 'Not A Type', occurred_at: new Date().toISOString(), stamp: 0 },
        ...{ visitor_id: 'visitor-1', page: { url: 'https://shop.example/' } },
      })),
    });
    for (let i = 0; i < 3; i++) await installation.send(49);
    await installation.send(0, bad(4));
    expect(await troublesOf(await installation.context())).toEqual({});
    await installation.send(0, bad(4));
    expect(await troublesOf(await installation.context())).toEqual({ failures: 'warning some' });
    await installation.send(0, bad(20));
    const context = await installation.context();
    expect(await troublesOf(context)).toEqual({ failures: 'red many' });
    expect((await lineOf(context, 'failures')).faults[0]?.found).toMatch(/^28 of 178 events .* most by \w+ at /);
  });
});

describe('tables', () => {
  share();

  it('a database that does not open', async () => {
    const database = join(installation.folder.root, 'broken.duckdb');
    await writeFile(database, 'no database at all, however long one looks at it'.repeat(1_000));
    const query = async () => {
      throw new Error('the reader does not answer');
    };
    const context = await installation.context({ folder: { ...installation.folder, database }, probes: { query } });
    expect(await troublesOf(context)).toEqual({ tables: 'red database' });
    await rm(database);
  });

  it('no database yet, which is no fault and does not answer', async () => {
    const database = join(installation.folder.root, 'none.duckdb');
    const context = await installation.context({ folder: { ...installation.folder, database }, run: undefined });
    expect((await lineOf(context, 'tables')).found).toMatch(/^no database yet; /);
  });

  it('a sealed day that cannot be read to its end', async () => {
    const path = join(installation.folder.store, 'days', 'shop', '2026-01-02.parquet');
    await mkdir(dirname(path), { recursive: true });
    const instance = await DuckDBInstance.create(':memory:');
    await (await instance.connect()).run(`COPY (SELECT range AS a, hash(range) AS b FROM range(50000)) TO '${path}'`);
    instance.closeSync();
    expect(await troublesOf(await installation.context())).toEqual({});
    expect((await lineOf(await installation.context(), 'tables')).found).toBe(
      'the database answers; 1 sealed file, 1 read',
    );
    await truncate(path, 100_000);
    const context = await installation.context();
    expect(await troublesOf(context)).toEqual({ tables: 'red day' });
    expect((await lineOf(context, 'tables')).faults[0]?.found).toContain('2026-01-02.parquet cannot be read');
  });
});

import { chmod, mkdir, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { appendAudit } from '@parcours/store/audit';
import { appendControl, type NewRecord } from '@parcours/store/control';
import { openReceipts } from '@parcours/store/receipts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { config as schema } from '../config/index.ts';
import { openSecrets } from '../secrets.ts';
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

describe('receipts', () => {
  renew();
  const append = async (...ids: string[]): Promise<string> => {
    const { folder } = installation;
    const { secrets } = await openSecrets(folder.secrets);
    const signingKey = Buffer.from(secrets.signing, 'base64url');
    const receipts = await openReceipts({ folder: join(folder.receipts, 'collector-0'), signingKey });
    for (const receipt_id of ids) await receipts.append({ ...RECEIPT, receipt_id });
    await receipts.close();
    const names = (await readdir(join(folder.receipts, 'collector-0'))).sort();
    return join(folder.receipts, 'collector-0', names.at(-1) as string);
  };
  const RECEIPT = {
    ...({ site: 'shop', subject: 's', action: 'grant', source: 'manual', gpc: false } as const),
    ...{ chosen_at: '2026-11-22T10:00:00.000Z', received_at: '2026-11-22T10:00:00.000Z' },
    purposes: { granted: ['audience'], denied: [] },
  } as const;

  it('none yet, all as they were, over starts, and one letter that is not', async () => {
    expect((await lineOf(await installation.context(), 'receipts')).found).toBe('there is no receipt yet');
    await append('a', 'b');
    const path = await append('c', 'd');
    expect(await lineOf(await installation.context(), 'receipts')).toMatchObject({
      verdict: 'ok',
      found: '2 receipts, the newest of 1 chain, as they were written',
    });
    await writeFile(path, (await readFile(path, 'utf8')).replace('"receipt_id":"d"', '"receipt_id":"e"'));
    const context = await installation.context();
    expect(await troublesOf(context)).toEqual({ receipts: 'red altered' });
    expect((await lineOf(context, 'receipts')).found).toMatch(
      /^1 fault, the first in collector-0\/\d{15}\.log at byte \d+: the line was altered/,
    );
  });
});

describe('audit', () => {
  renew();
  const NOW = Date.parse('2026-11-26T12:00:00.000Z');
  const append = async (writer: string, ...hoursAgo: number[]): Promise<void> => {
    const { folder } = installation;
    const { secrets } = await openSecrets(folder.secrets);
    for (const hours of hoursAgo) {
      await appendAudit({
        ...{ folder: folder.audit, writer, signingKey: Buffer.from(secrets.signing, 'base64url') },
        entry: { action: 'site_added', by: 'cli', outcome: 'done', about: { site: 'shop' } },
        now: () => NOW - hours * 3_600_000,
      });
    }
  };
  const look = async () => lineOf(await installation.context({ probes: { now: () => NOW } }), 'audit');
  const entries = async (writer: string): Promise<string[]> => {
    const names = (await readdir(join(installation.folder.audit, writer))).sort();
    return names.map((name) => join(installation.folder.audit, writer, name));
  };

  it('none yet, and all as they were, with the time of the last of any writer', async () => {
    expect(await look()).toMatchObject({ verdict: 'not_checked', found: 'there is no entry yet' });
    await append('cli', 30, 20, 10);
    await append('reader', 3);
    expect(await look()).toMatchObject({
      verdict: 'ok',
      found: '4 entries of 2 writers as they were written, the last 3 h ago (2026-11-26T09:00:00.000Z)',
    });
  });

  it('an entry that was altered, and one that is gone', async () => {
    await append('cli', 30, 20, 10);
    const [, second] = (await entries('cli')) as [string, string];
    const whole = await readFile(second, 'utf8');
    await writeFile(second, whole.replace('"by":"cli"', '"by":"oli"'));
    expect(await troublesOf(await installation.context())).toEqual({ audit: 'red altered' });
    expect((await look()).found).toBe(
      '1 fault, the first in cli/000000000000002.log at byte 0: the line was altered: its checksum does not fit',
    );
    await rm(second);
    expect((await look()).found).toBe(
      '1 fault, the first in cli/000000000000003.log at byte 0: the record before it is missing',
    );
    await writeFile(second, whole);
    expect(await look()).toMatchObject({ verdict: 'ok' });
  });

  it('a place where no entry can be made', async () => {
    await writeFile(installation.folder.audit, '');
    expect(await troublesOf(await installation.context())).toEqual({ audit: 'red not_writable' });
    const { faults } = await look();
    expect(faults[0]?.fix).toBe(`let the user that runs parcours write to ${installation.folder.audit} (chown -R)`);
  });

  it.runIf(process.getuid?.() !== 0)("a writer's folder that belongs to somebody else", async () => {
    await append('cli', 1);
    await append('reader', 1);
    const reader = join(installation.folder.audit, 'reader');
    await chmod(reader, 0o555);
    expect(await look()).toMatchObject({ verdict: 'red', found: `${reader} cannot be written to` });
    await chmod(reader, 0o755);
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

import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FOLDER_DATA } from '@parcours/store';
import { readControl } from '@parcours/store/control';
import { type BatchRecord, openLog, type StoredEvent } from '@parcours/store/log';
import { openReceipts, subjectOf } from '@parcours/store/receipts';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { KEPT } from '../backup/kept.ts';
import { dataFolder } from '../data_folder.ts';
import { openHere } from '../open_here.ts';
import { openSecrets, type Secrets } from '../secrets.ts';
import { runProgram } from '../testing/run_program.ts';

const JANE = '0190a0a0-0000-7000-8000-000000000001';
const JOHN = '0190a0a0-0000-7000-8000-000000000002';
/** Days before today: what is closed is sealed. */
const ago = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

let root: string;
let data: string;
let secrets: Secrets;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parcours-subject-'));
  data = join(root, 'data');
  secrets = (await openSecrets(dataFolder(data).secrets)).secrets;
});
afterEach(() => rm(root, { recursive: true }));

let serial = 0;
const event = (visitor_id: string, more: Partial<StoredEvent> = {}): StoredEvent => ({
  event_id: `019aa1c0-0000-7000-8000-${String(++serial).padStart(12, '0')}`,
  type: 'page_view',
  occurred_at: ago(2),
  stamp: 0,
  visitor_id,
  ...more,
});

async function append(events: readonly StoredEvent[], days = 2, more: Partial<BatchRecord> = {}): Promise<void> {
  const log = await openLog({ folder: join(dataFolder(data).logs, 'collector-0') });
  const record: BatchRecord = {
    ...{ v: 1, kind: 'batch', site: 'shop-fr', source: 'web', received_at: ago(days), sent_at: ago(days), sdk: '1' },
    client: { bot: false },
    stamps: [{ purposes: ['audience', 'crm_join'], source: 'manual', at: ago(days) }],
    events,
    ...more,
  };
  await log.append(JSON.stringify(record));
  await log.close();
}

async function proof(visitor: string): Promise<void> {
  const folder = join(dataFolder(data).receipts, 'collector-0');
  const receipts = await openReceipts({ folder, signingKey: Buffer.from(secrets.signing, 'base64url') });
  await receipts.append({
    receipt_id: visitor.slice(-22),
    site: 'shop-fr',
    subject: subjectOf(Buffer.from(secrets.receipts, 'base64url'), 'shop-fr', visitor),
    action: 'grant',
    purposes: { granted: ['audience'], denied: [] },
    source: 'manual',
    gpc: false,
    chosen_at: ago(3),
    received_at: ago(3),
  });
  await receipts.close();
}

const parcours = (...args: string[]) => runProgram('subject', ...args, '--data', data);
const json = async (...args: string[]) => JSON.parse((await parcours(...args, '--json')).out);
/** Who has rows, as whoever opens the tables of the folder now sees it. */
async function stored(): Promise<readonly string[]> {
  const { engine } = await openHere(data);
  const found = await engine.query('SELECT DISTINCT visitor_id FROM events ORDER BY ALL').finally(() => engine.close());
  return found.rows.map(([id]) => String(id));
}
async function seal(): Promise<void> {
  const { engine } = await openHere(data);
  await engine.sealDays(ago(0).slice(0, 10)).finally(() => engine.close());
}
const daysIn = async (): Promise<Buffer> => {
  const folder = join(dataFolder(data).store, 'days', 'shop-fr');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.parquet'));
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
};

describe('erase', () => {
  beforeEach(async () => {
    await append([event(JANE, { keys: { customer_id: 'C-1' } }), event(JOHN, { keys: { customer_id: 'C-2' } })]);
    await proof(JANE);
    await seal();
  });
  const erase = (...more: string[]) => parcours('erase', '--by', 'customer_id', 'C-1', ...more);

  it('tells what went, what stays and until when, and touches nobody else', async () => {
    const tried = await erase('--dry-run');
    expect(tried.out).toContain('Would be erased (--dry-run): 1 events and 0 failed items of 1 days, on shop-fr.');
    expect(await stored()).toEqual([JANE, JOHN]);
    expect((await daysIn()).includes(JANE)).toBe(true);
    const { code, out } = await erase();
    expect(code).toBe(0);
    expect(out).toContain('Erased: 1 events and 0 failed items of 1 days, on shop-fr.');
    expect(out).toContain(`visitor      ${JANE}`);
    expect(out).toMatch(/In segments of the log until \d{4}-\d\d-\d\dT.* at the latest/);
    expect(out).toContain('Receipts of consent that stay as the proof, under a keyed hash: 1.');
    expect(out).toContain('Names in free text are not found.');
    expect(await stored()).toEqual([JOHN]);
    expect((await daysIn()).includes(JANE)).toBe(false);
    expect((await daysIn()).includes(JOHN)).toBe(true);
  });

  it('leaves receipts and audit log as they were written, and neither names anybody', async () => {
    await erase();
    expect((await runProgram('receipts', 'verify', '--data', data)).out).toContain('All 1 receipts are');
    expect((await runProgram('audit', 'verify', '--data', data)).out).toContain('All 1 entries are');
    const { out } = await runProgram('audit', 'list', '--json', '--data', data);
    expect(JSON.parse(out).entries).toMatchObject([
      { action: 'subject_erased', by: 'cli', outcome: 'done', counts: { events: 1, receipts_kept: 1 } },
    ]);
    const control = JSON.stringify([...(await readControl(dataFolder(data).control)).subject_erased.records.values()]);
    for (const text of [out, control]) expect(text).not.toMatch(new RegExp(`C-1|${JANE}`));
  });

  it('survives a rebuild from sealed days and the log, which still holds the rows', async () => {
    await erase();
    await rm(dataFolder(data).database);
    expect(await stored()).toEqual([JOHN]);
    expect((await runProgram('rebuild', '--data', data)).out).toContain('1 events from sealed days');
    expect(await stored()).toEqual([JOHN]);
  });

  it('survives sealed days and a database of before: a backup that is put back', async () => {
    await cp(dataFolder(data).store, join(root, 'before'), { recursive: true });
    await erase();
    await rm(dataFolder(data).store, { recursive: true });
    await cp(join(root, 'before'), dataFolder(data).store, { recursive: true });
    expect(await stored()).toEqual([JOHN]);
    await rm(dataFolder(data).store, { recursive: true });
    await cp(join(root, 'before', 'days'), join(dataFolder(data).store, 'days'), { recursive: true });
    // Sealed days hold both; the log holds both too.
    expect((await runProgram('rebuild', '--data', data)).out).toMatch(/^1 events from sealed days, 0 from the log/);
    expect(await stored()).toEqual([JOHN]);
    await seal();
    expect((await daysIn()).includes(JANE)).toBe(false);
  });

  it.each([
    ['old', -300],
    ['of now', 0],
    ['a year ahead', 365],
  ])('nothing comes back by events that an offline browser sends later, dated %s', async (_, days) => {
    await erase();
    const occurred_at = ago(-days);
    await append([event(JANE, { occurred_at }), event('unheard of', { occurred_at, keys: { customer_id: 'C-1' } })], 0);
    expect(await stored()).toEqual([JOHN]);
  });

  it('takes what is still in the log, not yet loaded', async () => {
    await append([event(JANE, { keys: { customer_id: 'C-1' } })], 0);
    expect(await json('erase', '--by', 'visitor', JANE)).toMatchObject({ erased: { events: 2, days: 2 } });
    expect(await stored()).toEqual([JOHN]);
  });

  it('tells how many days are to be written to Parquet still, and writes them before it ends', async () => {
    await append([event(JANE)], 3);
    expect((await erase('--dry-run')).out).toContain('to be written to Parquet, first or anew: 1.');
    expect((await erase()).out).not.toContain('Parquet');
    expect((await daysIn()).includes(JANE)).toBe(false);
  });

  it('is done a second time without harm', async () => {
    await erase();
    const { code, out } = await erase();
    expect([code, out]).toEqual([0, expect.stringContaining('One of the ids was erased before, at ')]);
  });
});

test('an export is one document, in a new file for its owner alone', async () => {
  await append([event(JANE, { keys: { customer_id: 'C-1' } }), event(JOHN)]);
  const out = join(root, 'jane.json');
  expect((await parcours('export', '--by', 'customer_id', 'C-1', '--out', out)).code).toBe(0);
  const text = await readFile(out, 'utf8');
  expect(JSON.parse(text)).toMatchObject({ format: 'parcours.subject/1', events: [{ visitor_id: JANE }] });
  expect(text).not.toContain(JOHN);
  const again = await parcours('export', '--by', 'customer_id', 'C-1', '--out', out);
  expect([again.code, again.error]).toEqual([1, expect.stringContaining('is there already')]);
});

test.each<[string, string[], RegExp]>([
  [
    'an unknown person',
    ['erase', '--by', 'customer_id', 'C-9'],
    /nothing is held under this customer_id, and nothing was/,
  ],
  ['an unknown person to export', ['export', '--by', 'visitor', 'x'], /nothing is held under this visitor/],
  [
    'an unknown kind',
    ['erase', '--by', 'name', 'Jane'],
    /--by must be one of visitor, customer_id, .* \(it is "name"\)/,
  ],
  ['a phone without its country', ['erase', '--by', 'phone', '0612345678'], /phone must be in international form/],
  ['no kind', ['erase', 'C-1'], /required option '--by <kind>' not specified/],
])('%s is refused in one line, with exit code 1, and nothing is recorded', async (_, args, message) => {
  await append([event(JOHN)]);
  const { code, error } = await parcours(...args);
  expect([code, error]).toEqual([1, expect.stringMatching(message)]);
  expect((await readControl(dataFolder(data).control)).subject_erased.records.size).toBe(0);
});

test('every folder that is kept is decided on', () => {
  const folders = KEPT.map(({ at }) => at.split('/')[0] as string).filter((name) => !name.includes('.'));
  // Control records are decided on kind by kind.
  expect(Object.keys(FOLDER_DATA).sort()).toEqual([...new Set(folders)].filter((name) => name !== 'control').sort());
});

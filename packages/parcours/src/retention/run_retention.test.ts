import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Policy } from '@parcours/protocol';
import { policyHash } from '@parcours/protocol/policy';
import { type Engine, listDayFiles } from '@parcours/store';
import { appendAudit, verifyAudit } from '@parcours/store/audit';
import { appendControl, type ControlState, foldControl, readControl } from '@parcours/store/control';
import {
  openReceipts,
  publicKeyOf,
  publicKeyText,
  readReceipts,
  signingKeyOf,
  verifyReceipts,
} from '@parcours/store/receipts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DataFolder, dataFolder } from '../data_folder.ts';
import { rebuildEngine } from '../engine.ts';
import { firstDayKept, keptFor, receiptKeptUntil } from './kept_for.ts';
import { readRetentionFile } from './retention_file.ts';
import { runRetention } from './run_retention.ts';
import { EXEMPTED, oldBatches, openLoaded, survivors, writeBatches } from './testing.ts';

/** Late in a day, so that ages in days are ages of days. */
const NOW = Date.parse('2026-11-22T23:00:00.000Z');
const AGES = [1, 29, 30, 59, 60, 394, 395];
const SITES = ['shop-fr', 'shop-be', 'shop-de'];

/** Another number for all, for a country, for a site, and none for the rest. */
const POLICY: Policy = {
  policy: 1,
  version: '2.0.0',
  rules: { retention: { events_days: 60 } },
  countries: { BE: { retention: { audience_exempt_days: 30 } } },
  sites: { 'shop-be': { country: 'BE' }, 'shop-de': { country: 'DE', retention: { events_days: 30 } } },
};
const MUST_GO: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'shop-fr': { events: 60, exempt: 395, failed: 60, counts: 395 },
  'shop-be': { events: 60, exempt: 30, failed: 30, counts: 60 },
  'shop-de': { events: 30, exempt: 395, failed: 30, counts: 395 },
};

const SEED = new Uint8Array(32).fill(9);
const DAY_MS = 86_400_000;

/** Classes of sites that have something to go: all. */
const GOING = 12;

const stateOf = (policy: Policy): ControlState =>
  foldControl([
    {
      ...{ v: 1, kind: 'policy_published', id: '0193527c-8f3a-7c2e-9d41-2b6f0a1c3d5e', at: '2026-01-01T00:00:00.000Z' },
      ...{ version: policy.version, hash: policyHash(policy), policy },
    } as never,
  ]);

/** By hand, from the table above: what is younger than its number stays. */
const expected = SITES.flatMap((site) =>
  ['events', 'exempt', 'failed', 'counts', 'counts'].flatMap((of) =>
    AGES.filter((days) => days < (MUST_GO[site]?.[of] ?? 0)).map((days) => `${site} ${of} ${days}`),
  ),
).sort();

describe('retention', () => {
  let folder: DataFolder;
  let engine: Engine;
  beforeEach(async () => {
    folder = dataFolder(await mkdtemp(join(tmpdir(), 'parcours-retention-')));
    await writeBatches(
      folder,
      SITES.flatMap((site) => AGES.flatMap((days) => oldBatches({ site, days, now: NOW }))),
    );
    engine = await openLoaded(folder);
  }, 30_000);
  afterEach(async () => {
    await engine.close();
    await rm(folder.root, { recursive: true });
  });

  const run = (more: Partial<Parameters<typeof runRetention>[0]> = {}) =>
    runRetention({
      ...{ engine, folder, control: stateOf(POLICY), logDays: 7, signingKey: SEED, now: () => NOW },
      ...more,
    });
  const reopen = async (): Promise<void> => {
    await engine.close();
    engine = await openLoaded(folder);
  };
  const rebuilt = async (): Promise<readonly string[]> => {
    await engine.close();
    await rm(folder.database);
    await rebuildEngine({ data: folder.root, queryMemoryMb: 256 });
    engine = await openLoaded(folder);
    return survivors(engine, NOW);
  };

  it('leaves exactly what is younger than its number, by class, site and country; twice the same', async () => {
    const before = await survivors(engine, NOW);
    const dry = await run({ dryRun: true });
    expect(await survivors(engine, NOW)).toEqual(before);
    expect(await readRetentionFile(folder.retention)).toEqual({ v: 1, expired: [] });

    const first = await run();
    expect(await survivors(engine, NOW)).toEqual(expected);
    const removed = (of: typeof first) => of.rows.reduce((sum, row) => sum + row.removed, 0);
    const rowsIn = (lines: readonly string[]) =>
      lines.reduce((sum, line) => sum + (line.includes(' exempt ') ? EXEMPTED : 1), 0);
    expect(removed(first)).toBe(rowsIn(before) - rowsIn(expected));
    expect(removed(dry)).toBe(removed(first));
    expect(first).toMatchObject({ policy_version: '2.0.0', policy_hash: policyHash(POLICY) });
    expect(first.rows.find(({ site, class: of }) => site === 'shop-be' && of === 'exempt')).toEqual({
      ...{
        site: 'shop-be',
        class: 'exempt',
        days: 30,
        before: '2026-10-24',
        removed: 5 * EXEMPTED,
        left: 2 * EXEMPTED,
      },
      oldest: '2026-10-24T23:00:00.000Z',
    });

    expect(removed(await run())).toBe(0);
    expect(await survivors(engine, NOW)).toEqual(expected);
  });

  it('sealed files hold what is left, and no file is there of a day of which nothing is', async () => {
    await engine.sealDays('2026-11-22');
    await run();
    const files = await listDayFiles(join(folder.store, 'days'));
    const days = new Set(files.map(({ siteFolder, day }) => `${siteFolder} ${day}`));
    const left = expected.map((row) => {
      const [site, , age] = row.split(' ');
      return `${site} ${new Date(NOW - Number(age) * 86_400_000).toISOString().slice(0, 10)}`;
    });
    expect([...days].sort()).toEqual([...new Set(left)].sort());
    // From the files alone.
    await rm(folder.logs, { recursive: true });
    expect(await rebuilt()).toEqual(expected);
  });

  it('broken off anywhere and run again, the same rows are left, of tables, of files, and of a database made again', async () => {
    await engine.sealDays('2026-11-22');
    // Before the first class, after it, half way, before the last, before the sealing, and not at all.
    for (const steps of [0, 1, 5, GOING - 1, GOING, GOING + 1]) {
      let done = 0;
      const step = async <T>(work: () => Promise<T>): Promise<T> => {
        if (done++ >= steps) throw new Error('killed');
        return work();
      };
      const broken = {
        ...engine,
        expire: (expiry: never) => step(() => engine.expire(expiry)),
        sealDays: (before: string) => step(() => engine.sealDays(before)),
      };
      await run({ engine: broken }).catch((error: Error) => expect(error.message).toBe('killed'));
      // Then a damaged database, made again from files that were not yet sealed anew.
      if (steps === 5) await rebuilt();
      else await reopen();
    }
    await run();
    expect(await survivors(engine, NOW)).toEqual(expected);
    expect(await rebuilt()).toEqual(expected);
  }, 60_000);

  it('a longer number later brings nothing back from a log that still holds it', async () => {
    await run();
    await run({ control: stateOf({ ...POLICY, version: '3.0.0', rules: { retention: { events_days: 3_000 } } }) });
    await access(folder.logs);
    expect(await rebuilt()).toEqual(expected);
  });

  describe('of what lies in files', () => {
    /** Ends as old as these, in days: kept 30 days after its end in shop-de, as long as its events in shop-be, five years in shop-fr. */
    const receiptsPolicy: Policy = {
      policy: 1,
      version: '4.0.0',
      sites: {
        'shop-de': { country: 'DE', retention: { receipts_days: 30, events_days: 10 } },
        'shop-be': { country: 'BE', retention: { receipts_days: 30, events_days: 60 } },
      },
    };
    const DAYS_KEPT = { 'shop-de': 30, 'shop-be': 68, 'shop-fr': 1826 } as const;

    async function receiptEnded(site: string, days: number): Promise<void> {
      const at = new Date(NOW - (days + 182) * DAY_MS).toISOString();
      const receipts = await openReceipts({
        ...{ folder: join(folder.receipts, site), signingKey: SEED, now: () => NOW - (days + 182) * DAY_MS },
      });
      await receipts.append({
        ...{ receipt_id: `${site}-${days}`.padEnd(22, '0'), site, subject: 's', action: 'grant', source: 'manual' },
        ...{ purposes: { granted: ['audience'], denied: [] }, gpc: false, chosen_at: at, received_at: at },
        expires_at: new Date(NOW - days * DAY_MS).toISOString(),
      });
      await receipts.close();
    }
    const receiptsLeft = async (): Promise<readonly string[]> => {
      const left: string[] = [];
      for await (const { receipt } of readReceipts(folder.receipts))
        left.push(receipt.receipt_id.replace(/0{2,}$/, ''));
      return left.sort();
    };

    it('receipts outlive their choice by the number of their site, and never their events; the rest verifies', async () => {
      for (const [site, kept] of Object.entries(DAYS_KEPT)) {
        for (const days of [kept + 2, kept + 1, kept - 1, 1]) await receiptEnded(site, days);
      }
      const control = stateOf(receiptsPolicy);
      const before = await receiptsLeft();
      expect((await run({ control, dryRun: true })).files[1]).toMatchObject({ class: 'receipts', removed: 6 });
      expect(await receiptsLeft()).toEqual(before);
      const done = await run({ control });
      expect(done.files[1]).toMatchObject({ class: 'receipts', days: 1826, removed: 6 });
      const left = Object.entries(DAYS_KEPT).flatMap(([site, kept]) => [`${site}-${kept - 1}`, `${site}-1`]);
      expect(await receiptsLeft()).toEqual(left.sort());
      const key = publicKeyOf(publicKeyText(signingKeyOf(SEED)));
      expect(await verifyReceipts(folder.receipts, [key])).toMatchObject({ receipts: 6, faultCount: 0 });
      expect((await run({ control })).files[1]).toMatchObject({ removed: 0 });
      expect(await rebuilt()).toEqual(await survivors(engine, NOW));
      expect(await receiptsLeft()).toEqual(left.sort());
    });

    it('receipts that are not as they were written stay, and the run names their writer', async () => {
      for (const days of [1900, 1890, 1880, 1]) await receiptEnded('shop-fr', days);
      const [first] = (await readdir(join(folder.receipts, 'shop-fr'))).sort();
      await rm(join(folder.receipts, 'shop-fr', first as string));
      expect((await run({ control: stateOf(receiptsPolicy) })).files[1]).toMatchObject({
        removed: 0,
        faulty: ['shop-fr'],
      });
      expect(await receiptsLeft()).toHaveLength(3);
    });

    it('marks of the erased go when nothing is left that they keep away', async () => {
      const erase = (n: number, days: number) =>
        appendControl({
          ...{ folder: folder.control, writer: 'reader', now: () => NOW - days * DAY_MS },
          decide: () => [{ kind: 'subject_erased', hashes: [String(n).padStart(32, '0')] }],
        });
      for (const [n, days] of [500, 426, 424, 1].entries()) await erase(n, days);
      const control = await readControl(folder.control);
      expect((await run({ control, dryRun: true })).files[2]).toMatchObject({ removed: 2 });
      expect((await run({ control })).files[2]).toEqual({
        ...{ class: 'tombstones', days: 425, removed: 2, oldest: new Date(NOW - 424 * DAY_MS).toISOString() },
      });
      expect((await readControl(folder.control)).subject_erased.hashes.size).toBe(2);
      expect((await run({ control })).files[2]).toMatchObject({ removed: 0 });
    });

    it('entries of the audit log go after six years or the number of the policy, never before the events they tell of', async () => {
      const wrote = (days: number) =>
        appendAudit({
          ...{ folder: folder.audit, writer: 'reader', signingKey: SEED, now: () => NOW - days * DAY_MS },
          entry: { action: 'opted_out', by: 'visitor', outcome: 'done' },
        });
      for (const days of [2_300, 2_193, 2_191, 400, 100, 60, 1]) await wrote(days);
      const policy = (audit_days: number): ControlState =>
        stateOf({ ...receiptsPolicy, sites: {}, rules: { retention: { audit_days, events_days: 90 } } });
      const none = stateOf({ ...receiptsPolicy, sites: {} });
      expect((await run({ control: none, dryRun: true })).files[3]).toMatchObject({ removed: 2 });
      expect((await run({ control: none })).files[3]).toEqual({
        ...{ class: 'audit', days: 2_192, removed: 2, oldest: new Date(NOW - 2_191 * DAY_MS).toISOString() },
      });
      expect((await run({ control: none })).files[3]).toMatchObject({ removed: 0 });
      expect((await run({ control: policy(200) })).files[3]).toMatchObject({ days: 200, removed: 2 });
      expect((await run({ control: policy(1) })).files[3]).toMatchObject({ days: 91, removed: 1 });
      const key = publicKeyOf(publicKeyText(signingKeyOf(SEED)));
      expect(await verifyAudit(folder.audit, [key])).toMatchObject({ records: 2, faultCount: 0 });
    });
  });

  it('takes nothing where the policy in force is a newer program’s, or its own file is damaged', async () => {
    const before = await survivors(engine, NOW);
    const newer = { ...POLICY, rules: { retention: { events_months: 2 } } } as never;
    await expect(run({ control: stateOf(newer) })).rejects.toThrow(/2\.0\.0.*cannot be read.*nothing was removed/);
    await writeFile(folder.retention, '{"v":1');
    await expect(run()).rejects.toThrow(/retention\.json is damaged/);
    expect(await survivors(engine, NOW)).toEqual(before);
    expect(await readFile(folder.retention, 'utf8')).toBe('{"v":1');
  });
});

describe('what is kept', () => {
  const retention = {
    audience_exempt_days: 30,
    events_days: 60,
    profiles_days: 1,
    receipts_days: 1,
    tombstones_days: 1,
  };

  it('failed items for the shorter of both times, counts for the longer', () => {
    expect(keptFor({ retention })).toEqual({ exempt: 30, events: 60, failed: 30, counts: 60 });
  });

  it('receipts after the end of their choice, and no shorter than the last event captured under it', () => {
    const until = (receipt: object, more: object = {}) =>
      receiptKeptUntil({ action: 'grant', received_at: '2026-01-01T00:00:00.000Z', ...receipt } as never, {
        retention: { ...retention, receipts_days: 100, ...more },
      });
    const end = '2026-07-01T00:00:00.000Z';
    expect(until({ expires_at: end })).toBe(Date.parse(end) + 100 * DAY_MS);
    expect(until({ expires_at: end }, { events_days: 395 })).toBe(Date.parse(end) + 403 * DAY_MS);
    expect(until({ action: 'withdraw' })).toBe(Date.parse('2026-01-01T00:00:00.000Z') + 100 * DAY_MS);
    expect(until({})).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ['at the beginning of a day', '2026-11-22T00:00:00.000Z'],
    ['at its end', '2026-11-22T23:59:59.999Z'],
  ])('%s nothing is older than its number', (_, now) => {
    expect(firstDayKept(1, Date.parse(now))).toBe('2026-11-22');
    expect(firstDayKept(395, Date.parse(now))).toBe('2025-10-24');
  });
});

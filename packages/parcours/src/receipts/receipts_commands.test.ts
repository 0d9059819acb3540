import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type NewReceipt,
  openReceipts,
  type Receipt,
  receiptIdOf,
  removeOldReceipts,
  subjectOf,
} from '@parcours/store/receipts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dataFolder } from '../data_folder.ts';
import { openSecrets, type Secrets } from '../secrets.ts';
import { type Ran, runProgram } from '../testing/run_program.ts';

const run = promisify(execFile);

let root: string;
let data: string;
let secrets: Secrets;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parcours-receipts-'));
  data = join(root, 'data');
  secrets = (await openSecrets(dataFolder(data).secrets)).secrets;
});
afterEach(() => rm(root, { recursive: true }));

const key = (): Buffer => Buffer.from(secrets.receipts, 'base64url');

function choice(visitor: string, day: string, changed: Partial<NewReceipt> = {}): NewReceipt {
  const { site = 'shop-fr', action = 'grant' } = changed;
  const subject = subjectOf(key(), site, visitor);
  const at = `${day}T10:00:00.000Z`;
  const granted = action === 'grant' ? ['audience'] : [];
  return {
    receipt_id: receiptIdOf(key(), { subject, at, purposes: granted, source: 'manual', action }),
    site,
    subject,
    action,
    purposes: { granted, denied: action === 'grant' ? [] : ['audience'] },
    source: 'manual',
    gpc: false,
    chosen_at: at,
    received_at: at,
    ...(action === 'grant' && { expires_at: '2027-05-01T00:00:00.000Z' }),
    ...changed,
  };
}

async function append(receipts: readonly NewReceipt[], writer = 'collector-0'): Promise<void> {
  const folder = join(dataFolder(data).receipts, writer);
  const opened = await openReceipts({ folder, signingKey: Buffer.from(secrets.signing, 'base64url') });
  for (const receipt of receipts) await opened.append(receipt);
  await opened.close();
}

const parcours = (...args: string[]): Promise<Ran> => runProgram(...args, '--data', data);
const lines = ({ out }: { readonly out: string }): Receipt[] =>
  out
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const segmentOf = async (): Promise<string> => {
  const folder = join(dataFolder(data).receipts, 'collector-0');
  return join(folder, (await readdir(folder))[0] as string);
};
/** Alters one letter of a record where it lies. */
async function alter(): Promise<void> {
  const path = await segmentOf();
  await writeFile(path, (await readFile(path, 'utf8')).replace('"source":"manual"', '"source":"mAnual"'));
}

describe('list', () => {
  beforeEach(() =>
    append([
      choice('anna', '2026-11-01'),
      choice('anna', '2026-11-01', { site: 'shop-be' }),
      choice('ben', '2026-11-10'),
      choice('anna', '2026-11-20', { action: 'withdraw' }),
    ]),
  );

  test('the newest first, in words', async () => {
    const { code, out } = await parcours('receipts', 'list', '--limit', '3');
    expect([code, out.split('\n').length]).toEqual([0, 7]);
    expect(out.split('\n')[2]).toMatch(/^\S{22} +2026-11-20T10:00:00.000Z +shop-fr +withdraw +audience +manual/);
    expect(out).toContain('1 more: --limit, or --json for all');
    expect(out).not.toContain('anna');
  });

  test.each<[string, string[], number[]]>([
    ['a visitor on all sites', ['--visitor', 'anna'], [0, 1, 3]],
    ['a visitor on one site', ['--visitor', 'anna', '--site', 'shop-be'], [1]],
    ['nobody', ['--visitor', 'zoe'], []],
    ['a time', ['--since', '2026-11-05', '--until', '2026-11-20'], [2]],
    ['the newest few', ['--limit', '1'], [3]],
  ])('as JSON: %s', async (_, flags, expected) => {
    const all = lines(await parcours('receipts', 'list', '--json'));
    expect(all).toHaveLength(4);
    const found = lines(await parcours('receipts', 'list', '--json', ...flags));
    expect(found).toEqual(expected.map((index) => all[index]));
  });

  test('one receipt, with all its fields', async () => {
    const { receipt_id } = choice('ben', '2026-11-10');
    expect(lines(await parcours('receipts', 'list', '--json', '--receipt', receipt_id))).toMatchObject([
      choice('ben', '2026-11-10'),
    ]);
  });

  test('in force on a day', async () => {
    const on = async (day: string) =>
      (
        lines(await parcours('receipts', 'list', '--json', '--at', day)) as unknown as {
          in_force: string[];
          receipt: Receipt;
        }[]
      ).map(({ in_force, receipt }) => [receipt.site, receipt.chosen_at.slice(0, 10), ...in_force]);
    const [anna, annaBe, ben] = [
      ['shop-fr', '2026-11-01', 'audience'],
      ['shop-be', '2026-11-01', 'audience'],
      ['shop-fr', '2026-11-10', 'audience'],
    ];
    expect(await on('2026-10-31')).toEqual([]);
    expect(await on('2026-11-05')).toEqual([anna, annaBe]);
    expect(await on('2026-11-20')).toEqual([anna, annaBe, ben]);
    expect(await on('2026-11-22')).toEqual([annaBe, ben]);
    expect(await on('2027-05-02')).toEqual([]);
    expect((await parcours('receipts', 'list', '--at', '2026-11-22')).out).toContain('shop-be');
  });

  test('refuses a day that is none, and says that there is nothing', async () => {
    expect(await parcours('receipts', 'list', '--at', '2026-02-30')).toMatchObject({
      code: 1,
      error: 'parcours: --at must be a day such as 2026-11-22 (it is "2026-02-30")\n',
    });
    expect(await parcours('receipts', 'list', '--site', 'none')).toMatchObject({
      code: 0,
      out: 'There is no such receipt.\n',
    });
  });
});

describe('verify', () => {
  test('says that all is as it was, and exits with 1 where one letter is not, naming it', async () => {
    expect(await parcours('receipts', 'verify')).toMatchObject({ code: 0, out: 'There is no receipt yet.\n' });
    await append([choice('anna', '2026-11-01'), choice('ben', '2026-11-10')]);
    const right = await parcours('receipts', 'verify');
    expect([right.code, right.out]).toEqual([0, expect.stringContaining('All 2 receipts are as they were written.')]);
    await alter();
    const wrong = await parcours('receipts', 'verify');
    expect(wrong.code).toBe(1);
    expect(wrong.out).toMatch(/NOT AS IT WAS WRITTEN: collector-0\/\d{15}\.log at byte 0: the line was altered/);
    const json = await parcours('receipts', 'verify', '--json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({
      receipts: 1,
      faultCount: 1,
      faults: [{ fault: 'checksum', offset: 0 }],
    });
  });

  test('finds an end that was cut off since an export, and a folder that is gone', async () => {
    await append([choice('anna', '2026-11-01'), choice('ben', '2026-11-10')]);
    const out = join(root, 'export');
    await parcours('receipts', 'export', '--out', out);
    const heads = join(out, 'heads.json');
    expect((await parcours('receipts', 'verify', '--heads', heads)).code).toBe(0);
    const path = await segmentOf();
    const [first] = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, `${first}\n`);
    expect((await parcours('receipts', 'verify')).code).toBe(0);
    expect(await parcours('receipts', 'verify', '--heads', heads)).toMatchObject({
      code: 1,
      out: expect.stringContaining('ends before the head'),
    });
    await rm(dataFolder(data).receipts, { recursive: true });
    expect((await parcours('receipts', 'verify', '--heads', heads)).code).toBe(1);
    await writeFile(heads, '{}');
    expect(await parcours('receipts', 'verify', '--heads', heads)).toMatchObject({
      code: 1,
      error: `parcours: --heads: ${heads} is no heads.json of an export\n`,
    });
  });

  test('with other secrets, only by the key of before', async () => {
    await append([choice('anna', '2026-11-01')]);
    const out = join(root, 'export');
    const { public_key } = JSON.parse((await parcours('receipts', 'export', '--json', '--out', out)).out);
    await rm(dataFolder(data).secrets);
    expect((await parcours('receipts', 'verify', '--key', public_key)).code).toBe(0);
    await openSecrets(dataFolder(data).secrets);
    expect(await parcours('receipts', 'verify')).toMatchObject({
      code: 1,
      out: expect.stringContaining('no key given signed it'),
    });
    expect((await parcours('receipts', 'verify', '--key', public_key)).code).toBe(0);
    expect(await parcours('receipts', 'verify', '--key', 'x')).toMatchObject({
      code: 1,
      error: expect.stringContaining('--key must be a public key'),
    });
  });
});

describe('export', () => {
  const out = (): string => join(root, 'export');
  const standalone = (): Promise<{ code: number; stdout: string }> =>
    run(process.execPath, [join(out(), 'verify.mjs')]).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }) => ({ code, stdout }),
    );
  beforeEach(async () => {
    await append([
      choice('anna', '2026-11-01', { consent_string: 'CPé\u2028"\\' }),
      choice('ben', '2026-11-10'),
      choice('cleo', '2026-11-11'),
    ]);
    await append([choice('dora', '2026-11-12')], 'collector-1');
  });

  test('holds the receipts, the key and the policies, for its owner alone', async () => {
    const { code, out: text } = await parcours('receipts', 'export', '--out', out());
    expect(code).toBe(0);
    const heads = JSON.parse(await readFile(join(out(), 'heads.json'), 'utf8'));
    expect(text).toBe(
      `4 receipts: ${out()}\npublic key ${heads.public_key}\ncollector-0: head ${heads.writers['collector-0'].head}\ncollector-1: head ${heads.writers['collector-1'].head}\n`,
    );
    expect((await readdir(out())).sort()).toEqual([
      'README.md',
      'heads.json',
      'policies.ndjson',
      'public_key.pem',
      'receipts',
      'verify.mjs',
    ]);
    expect((await readFile(join(out(), 'receipts/collector-0.ndjson'), 'utf8')).split('\n')).toHaveLength(4);
    expect((await readFile(join(out(), 'policies.ndjson'), 'utf8')).split('\n')[0]).toContain('"version":"0.0.0"');
    for (const name of ['heads.json', 'receipts/collector-0.ndjson'])
      expect((await stat(join(out(), name))).mode & 0o077).toBe(0);
    const all = await Promise.all(
      ['heads.json', 'README.md', 'public_key.pem', 'receipts/collector-0.ndjson'].map((name) =>
        readFile(join(out(), name), 'utf8'),
      ),
    );
    for (const secret of [secrets.signing, secrets.receipts]) expect(all.join('')).not.toContain(secret);
  });

  test('is never written over what is there, and leaves nothing where it fails', async () => {
    await mkdir(out());
    expect(await parcours('receipts', 'export', '--out', out())).toMatchObject({
      code: 1,
      error: `parcours: ${out()} is there already; it is not overwritten\n`,
    });
    expect((await parcours('receipts', 'export', '--out', join(root, 'absent', 'export'))).code).toBe(0);
    await writeFile(join(root, 'file'), '');
    expect((await parcours('receipts', 'export', '--out', join(root, 'file', 'export'))).code).toBe(1);
    expect((await readdir(root)).filter((name) => name.includes('.part'))).toEqual([]);
  });

  test('says where a line was no receipt', async () => {
    await alter();
    expect(await parcours('receipts', 'export', '--out', out())).toMatchObject({
      code: 1,
      error: 'parcours: 1 lines hold no receipt and were left out: parcours receipts verify\n',
    });
    expect(await standalone()).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('collector-0.ndjson line 1: the record before it is missing or moved'),
    });
  });

  test('is verified by the program that comes with it, which finds what is not as it was', async () => {
    await parcours('receipts', 'export', '--out', out());
    expect(await standalone()).toEqual({ code: 0, stdout: 'All 4 receipts are as they were written.\n' });
    const file = join(out(), 'receipts/collector-0.ndjson');
    const whole = await readFile(file, 'utf8');
    const [a, b, c] = whole.trimEnd().split('\n') as [string, string, string];
    const changes: readonly (readonly [readonly string[], string])[] = [
      [[a, b.replace('"gpc":false', '"gpc":true'), c], 'line 2: the signature is not that of the key'],
      [[a, c], 'line 2: the record before it is missing or moved'],
      [[a, c, b], 'line 2: the record before it is missing or moved'],
      [[a, b, b, c], 'line 3: the record stands twice'],
      [[a, b], 'the chain of collector-0 ends before its head'],
      [[a, b.slice(0, -1), c], 'line 2: the line is no receipt'],
    ];
    for (const [changed, told] of changes) {
      await writeFile(file, `${changed.join('\n')}\n`);
      expect(await standalone()).toEqual({ code: 1, stdout: expect.stringContaining(told) });
    }
  });

  test('whose beginning went by age is verified from there, and a cut that is another is found', async () => {
    await append([choice('emil', '2026-11-13')]);
    const folder = join(dataFolder(data).receipts, 'collector-0');
    const signingKey = Buffer.from(secrets.signing, 'base64url');
    const keptUntil = ({ received_at }: { received_at: string }) => Date.parse(received_at);
    const taken = await removeOldReceipts({
      folder,
      signingKey,
      keptUntil,
      now: Date.parse('2026-11-12T00:00:00.000Z'),
    });
    expect(taken).toMatchObject({ removed: 3 });
    const verified = await parcours('receipts', 'verify');
    expect(verified).toMatchObject({ code: 0 });
    expect(verified.out).toMatch(/3 receipts up to 2026-11-11T10:00:00.000Z were taken by age/);
    await parcours('receipts', 'export', '--out', out());
    const told = '3 receipts of collector-0 up to 2026-11-11T10:00:00.000Z were taken by age.\n';
    expect(await standalone()).toEqual({ code: 0, stdout: `${told}All 2 receipts are as they were written.\n` });
    const heads = join(out(), 'heads.json');
    const whole = await readFile(heads, 'utf8');
    await writeFile(heads, whole.replace('"total": 3', '"total": 2'));
    expect(await standalone()).toEqual({ code: 1, stdout: expect.stringContaining('is not signed by the key') });
    await writeFile(heads, whole.replace('"cut"', '"not_cut"'));
    expect(await standalone()).toEqual({ code: 1, stdout: expect.stringContaining('record before it is missing') });
  });

  test('has one receipt verified by openssl and jq, as its README says', async () => {
    await parcours('receipts', 'export', '--out', out());
    const readme = await readFile(join(out(), 'README.md'), 'utf8');
    const commands = [...readme.matchAll(/```sh\n([^`]*)```/g)].at(-1)?.[1] as string;
    expect(commands).toContain('openssl pkeyutl -verify');
    for (const line of ['1p', '2p']) {
      const { stdout } = await run('sh', ['-ec', commands.replace('1p', line)], { cwd: out() });
      expect(stdout).toContain('Signature Verified Successfully');
    }
    const altered = commands.replace('> receipt.json', `| sed 's/shop-fr/shop-be/' > receipt.json`);
    await expect(run('sh', ['-ec', altered], { cwd: out() })).rejects.toMatchObject({
      stdout: expect.stringContaining('Failure'),
    });
  });
});

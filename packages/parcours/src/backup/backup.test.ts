import { rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { type Header, pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesUnder, isKept } from './kept.ts';
import { readBackup } from './read_backup.ts';
import { restoreBackup } from './restore.ts';
import { writeBackup } from './write_backup.ts';

const HEAD = { format: 1, version: '0.1.0', made_at: '2026-11-25T10:00:00.000Z', secrets: true };

/** A small data folder: what is kept, and what is made again. */
const KEPT_FILES = {
  'log/collector-0/001700000000000.log': 'first segment\n',
  'log/collector-0/001700000000001.log': 'whole line\ntorn',
  'log/collector-1/001700000000002.log': '',
  'control/cli/001700000000003.log': 'a site\n',
  'receipts/collector-0/001700000000004.log': 'a receipt\n',
  'receipts/collector-0/001700000000001.cut': 'what age took\n',
  'audit/cli/000000000000002.log': 'a key\n',
  'audit/cli/000000000000001.cut': 'what age took\n',
  [`store/days/${'a'.repeat(150)}%%${'f'.repeat(64)}/failed/2026-11-20.parquet`]: 'a long name\n',
  'store/days/shop-fr/2026-11-20.parquet': 'a day\n',
  'scripts/0.1.0/p.js': 'script',
  'scripts/0.1.0/p.js.br': 'smaller',
  'secrets.json': '{"cookie":"…"}',
  'format.json': '{"format":1}',
} as const;
const DERIVED_FILES = [
  'log/collector-0/loaded.json',
  'log/collector-0/loaded.json.new',
  'receipts/collector-0/probe.tmp',
  'audit/cli/end.hint',
  'store/parcours.duckdb',
  'store/parcours.duckdb.wal',
  'store/staging/parcours.duckdb/1.ndjson',
  'store/days/shop-fr/2026-11-21.parquet.part',
  'scripts/0.1.0/p.js.71.tmp',
  'run.json',
  'reader.sock',
];

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-backup-'));
  root = join(folder, 'data');
  for (const [path, text] of Object.entries(KEPT_FILES)) await write(path, text);
  for (const path of DERIVED_FILES) await write(path, 'derived');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

function intoMemory(): { readonly to: Writable; bytes(): Buffer } {
  const pieces: Buffer[] = [];
  const to = new Writable({
    write(piece: Buffer, _encoding, done) {
      pieces.push(Buffer.from(piece));
      done();
    },
  });
  return { to, bytes: () => Buffer.concat(pieces) };
}

async function backUp(head: Partial<typeof HEAD> = {}): Promise<Buffer> {
  const { to, bytes } = intoMemory();
  await writeBackup({ root, to, head: { ...HEAD, ...head } });
  return bytes();
}

const verify = (bytes: Buffer) => readBackup({ from: Readable.from([bytes]) });

async function contents(of: string): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const path of await filesUnder(of, '')) all[path] = await readFile(join(of, path), 'utf8');
  return all;
}

describe('a backup', () => {
  it('holds what must be kept and nothing that is made again, and comes back byte for byte, for its owner alone', async () => {
    const archive = await backUp();
    const target = join(folder, 'deep', 'restored');
    const { manifest } = await restoreBackup({ from: Readable.from([archive]), root: target });
    expect(await contents(target)).toEqual(KEPT_FILES);
    expect(manifest.positions).toEqual([
      { log: 'collector-0', segment: 1_700_000_000_001, offset: 15 },
      { log: 'collector-1', segment: 1_700_000_000_002, offset: 0 },
    ]);
    for (const path of Object.keys(KEPT_FILES)) expect((await stat(join(target, path))).mode & 0o777).toBe(0o600);
    expect((await stat(join(target, 'log', 'collector-0'))).mode & 0o777).toBe(0o700);
  });

  it('copies what tells of receipts that went after the receipts: those that go meanwhile are told of', async () => {
    let isCut = false;
    const { to, bytes } = intoMemory();
    // While the first file of receipts is copied, age takes the second.
    await write('receipts/collector-0/001700000000004.log', 'x'.repeat(3_000_000));
    await write('receipts/collector-0/001700000000005.log', 'a receipt\n');
    const onProgress = ({ bytes: done }: { bytes: number }): void => {
      if (isCut || done < 2_000_000) return;
      isCut = true;
      writeFileSync(join(root, 'receipts/collector-0/001700000000005.cut'), 'what age took\n');
      rmSync(join(root, 'receipts/collector-0/001700000000005.log'));
    };
    const { files } = await writeBackup({ root, to, head: HEAD, onProgress });
    expect(isCut).toBe(true);
    const paths = files.map(({ path }) => path);
    expect(paths).not.toContain('receipts/collector-0/001700000000005.log');
    expect(paths).toContain('receipts/collector-0/001700000000005.cut');
    await verify(bytes());
  });

  it('leaves the secrets out where it is asked to, and says so', async () => {
    const archive = await backUp({ secrets: false });
    expect(archive.includes('cookie')).toBe(false);
    expect((await verify(archive)).head.secrets).toBe(false);
  });

  it('takes of a growing file what was there when it came to it', async () => {
    let grown = false;
    const { to, bytes } = intoMemory();
    await write('log/collector-0/001700000000001.log', 'x'.repeat(3_000_000));
    const manifest = await writeBackup({
      root,
      to,
      head: HEAD,
      onProgress: ({ files }) => {
        if (grown || files < 2) return;
        grown = true;
        void writeFile(join(root, 'log/collector-0/001700000000001.log'), 'more', { flag: 'a' });
      },
    });
    expect(grown).toBe(true);
    await verify(bytes());
    expect([3_000_000, 3_000_004]).toContain(manifest.positions[0]?.offset);
  });

  it('finds and names every byte that is not as it was', async () => {
    const archive = await backUp();
    const whole = await verify(archive);
    const contents = [...Object.values(KEPT_FILES), JSON.stringify(whole.manifest)].map((text) => {
      const start = archive.indexOf(text);
      return [start, start + text.length] as const;
    });
    const unseen: number[] = [];
    // The filling between files is left out, and of the rest every third byte is enough.
    for (let at = 0; at < archive.length; at += 3) {
      if (archive[at] === 0) continue;
      const flipped = Buffer.from(archive);
      flipped[at] = (flipped[at] as number) ^ 1;
      const told = await verify(flipped).then(
        () => void unseen.push(at),
        (error) => error,
      );
      if (told) expect(told).toMatchObject({ name: 'BackupError', message: expect.stringMatching(/damaged|not a/) });
    }
    expect(unseen.filter((at) => contents.some(([start, end]) => at >= start && at < end))).toEqual([]);
    const at = archive.indexOf('whole line');
    archive[at] = 0x57;
    await expect(verify(archive)).rejects.toThrow('log/collector-0/001700000000001.log');
  }, 120_000);

  it.each([512, 3_000, 10_000])('is refused where it was cut short after %i bytes', async (bytes) => {
    const archive = await backUp();
    await expect(verify(archive.subarray(0, bytes))).rejects.toThrow(/cut short|not a backup/);
    const target = join(folder, 'restored');
    await expect(restoreBackup({ from: Readable.from([archive.subarray(0, bytes)]), root: target })).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['data']);
  });

  it('is refused without its last entry, as a disk that was full leaves it', async () => {
    const archive = await backUp();
    const cut = archive.subarray(0, archive.lastIndexOf('manifest.json.sha256'));
    await expect(verify(cut)).rejects.toMatchObject({ code: 'incomplete' });
  });

  it.each([
    ['nothing', ''],
    ['text', 'no tar at all'],
    ['an empty tar', '\0'.repeat(10_240)],
  ])('is not %s', async (_what, text) => {
    await expect(verify(Buffer.from(text))).rejects.toMatchObject({ code: 'not_a_backup' });
  });

  it('of a newer make-up is refused with the version that made it', async () => {
    const archive = pack();
    archive.entry({ name: 'backup.json' }, JSON.stringify({ archive: 2, ...HEAD, version: '9.0.0' }));
    archive.finalize();
    await expect(readBackup({ from: Readable.from(archive) })).rejects.toThrow(/newer parcours \(9\.0\.0\)/);
  });
});

describe('a hostile archive', () => {
  const HOSTILE: readonly [string, Partial<Header>][] = [
    ['../escape', {}],
    ['log/../../escape', {}],
    ['log/a/../../../001700000000000.log', {}],
    ['/etc/passwd', {}],
    ['log\\..\\..\\escape', {}],
    ['store/parcours.duckdb', {}],
    ['run.json', {}],
    ['scripts/../../x', {}],
    ['control/../secrets.json', {}],
    ['control/.hidden', {}],
    ['log/collector-0/001700000000000.log', { type: 'symlink', linkname: '/etc/passwd' }],
    ['log/collector-0/001700000000000.log', { type: 'link', linkname: 'secrets.json' }],
    ['log/collector-0', { type: 'directory' }],
    ['secrets.json', { type: 'fifo' }],
    ['backup.json', {}],
  ];
  it.each(HOSTILE)('is refused for %s %j, and leaves nothing', async (name, more) => {
    const archive = pack();
    archive.entry({ name: 'backup.json' }, JSON.stringify({ archive: 1, ...HEAD }));
    archive.entry({ name: 'log/collector-0/001700000000009.log' }, 'x');
    if ('type' in more) archive.entry({ name, ...more });
    else archive.entry({ name }, 'x');
    archive.finalize();
    const target = join(folder, 'restored');
    const restored = restoreBackup({ from: Readable.from(archive), root: target });
    await expect(restored).rejects.toMatchObject({ name: 'BackupError', code: 'not_allowed' });
    expect(await readdir(folder)).toEqual(['data']);
  });

  it.each(['secrets.json', 'log/collector-0/001700000000000.log', 'store/days/%/2026-11-20.parquet'])(
    'has no trouble with %s',
    (path) => expect(isKept(path)).toBe(true),
  );
});

describe('a restore', () => {
  it('goes into an empty folder, and leaves that empty again where the archive is bad', async () => {
    const target = join(folder, 'volume');
    await mkdir(join(target, 'lost+found'), { recursive: true });
    const archive = await backUp();
    const bad = Buffer.from(archive);
    bad[archive.indexOf('a day')] = 0x41;
    await expect(restoreBackup({ from: Readable.from([bad]), root: target })).rejects.toThrow('2026-11-20.parquet');
    expect(await readdir(target)).toEqual(['lost+found']);
    await restoreBackup({ from: Readable.from([archive]), root: target });
    expect((await readdir(target)).sort()).toEqual(
      ['audit', 'control', 'format.json', 'log', 'lost+found', 'receipts', 'scripts', 'secrets.json', 'store'].sort(),
    );
  });

  it.each(['log', '.restoring', 'notes.txt'])('is refused where the folder holds %s', async (name) => {
    const target = join(folder, 'used');
    await mkdir(join(target, name), { recursive: true });
    await expect(restoreBackup({ from: Readable.from([]), root: target })).rejects.toMatchObject({ code: 'not_empty' });
    expect(await readdir(target)).toEqual([name]);
  });

  it('has nothing in its place before all was checked', async () => {
    const target = join(folder, 'restored');
    const seen: (readonly string[])[] = [];
    await restoreBackup({
      from: Readable.from([await backUp()]),
      root: target,
      onUnpacked: async () => void seen.push(await readdir(target)),
    });
    expect(seen).toEqual([['.restoring']]);
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { BIN, ROOT } from '../support/child.ts';
import { readGuide } from '../support/guide.ts';
import { type Program, startProgram } from '../support/program.ts';

/** The commands of the guide, as they are written, on a running program. */
const GUIDE = readGuide('docs/operate/backup.md');

let program: Program;
let folder: string;
let backups: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-guide-'));
  backups = join(folder, 'backups');
  await mkdir(backups);
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'parcours'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  await chmod(join(bin, 'parcours'), 0o755);
  program = await startProgram();
  const props = { transaction_id: 'W-1', currency: 'EUR', value: 10, items: [{ item_id: 'a' }] };
  await postEvents(program.collector, [anEvent(), anEvent({ type: 'purchase', props })]);
  await program.rowsWhen('SELECT 1 FROM events', (rows) => rows.length === 2);
});
afterAll(async () => {
  await program.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs shell text with the guide's places in this test's, and rejects where any command of it fails. */
function sh(text: string, data = program.data): string {
  return execFileSync('sh', ['-ec', text.replaceAll('/var/lib/parcours', data).replaceAll('/var/backups', backups)], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      DATA: program.data,
      GNUPGHOME: join(folder, 'gnupg'),
    },
  });
}

it('backs up, verifies, and restores', async () => {
  expect(sh(GUIDE.block('backup'))).toMatch(/^Backed up \d+ files.*\nVerified \d+ files/);
  const restored = join(folder, 'restored');
  expect(sh(GUIDE.block('restore'), restored)).toMatch(/2 from the log/);
  expect((await readdir(restored)).sort()).toEqual(
    expect.arrayContaining(['format.json', 'log', 'scripts', 'secrets.json', 'store']),
  );
});

it('encrypts on the way', async () => {
  await mkdir(join(folder, 'gnupg'), { mode: 0o700 });
  sh("gpg --batch --quiet --passphrase '' --quick-generate-key backups@shop.example default default never");
  sh(GUIDE.block('encrypt'));
  const encrypted = readFileSync(join(backups, 'parcours.tar.gpg'));
  expect(encrypted.includes('secrets.json')).toBe(false);
  const target = join(folder, 'decrypted');
  expect(sh(`gpg --batch --quiet --decrypt ${backups}/parcours.tar.gpg | parcours restore - --data ${target}`)).toMatch(
    /2 from the log/,
  );
});

it('is called by cron and by a timer', async () => {
  const [, command] = GUIDE.block('cron').match(/^0 3 \* \* \* (.*)$/) as RegExpMatchArray;
  // cron takes a bare % for a newline.
  sh((command as string).replaceAll('\\%', '%'));
  expect(readFileSync(join(backups, 'parcours.log'), 'utf8')).toMatch(/"secrets":true/);

  const install = GUIDE.block('timer');
  expect(spawnSync('sh', ['-n'], { input: install }).status).toBe(0);
  const files = install.match(/deploy\/[\w./-]+/g) ?? [];
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  expect(files).toHaveLength(2);
  const unit = readFileSync(join(ROOT, 'deploy/systemd/parcours-backup.service'), 'utf8');
  const [, started] = unit.match(/^ExecStart=\/bin\/sh -ec '(.*)'$/m) as RegExpMatchArray;
  const nightly = join(folder, 'nightly');
  await mkdir(nightly);
  sh((started as string).replaceAll('%%', '%').replaceAll('/var/lib/parcours-backup', nightly));
  const [file = ''] = await readdir(nightly);
  expect(file).toMatch(/^\d{4}-\d\d-\d\dT\d{6}Z\.tar$/);
  expect((await stat(join(nightly, file))).mode & 0o777).toBe(0o600);
});

it('exports rows and copies the database', async () => {
  // Of the month that is now, whenever that is.
  const now = new Date();
  const month = (more: number): string =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + more)).toISOString();
  sh(GUIDE.block('export', { '2026-11-01': month(0).slice(0, 10), '2026-12-01': month(1).slice(0, 10) }));
  expect(readFileSync(join(folder, 'orders.csv'), 'utf8').split('\r\n')).toHaveLength(3);
  expect(readFileSync(join(folder, 'events.parquet')).subarray(0, 4).toString()).toBe('PAR1');
  const lines = gunzipSync(readFileSync(join(folder, 'events.ndjson.gz')))
    .toString()
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line).type).sort()).toEqual(['page_view', 'purchase']);
  expect(sh(GUIDE.block('snapshot'))).toMatch(/in \d/);
});

it('migrates a folder on which nothing runs', async () => {
  const restored = join(folder, 'restored');
  await rm(join(restored, 'format.json'));
  expect(sh(GUIDE.block('migrate'), restored)).toMatch(/^To format 1: .*\nNothing is done.*\nTo format 1: .*\nDone\./);
});

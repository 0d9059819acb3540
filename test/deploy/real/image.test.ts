import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anEvent, postEvents } from '../../support/batch.ts';
import { ROOT, startChild } from '../../support/child.ts';
import { freePort } from '../../support/free_port.ts';

/**
 * The image without a container engine: what the Dockerfile puts into it is made by the same script, then run as the image
 * would run it, on a root that is read-only, by a user without rights.
 */
const dockerfile = readFileSync(join(ROOT, 'deploy/docker/Dockerfile'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'parcours-image-'));
const app = join(folder, 'app');

beforeAll(() => {
  expect(dockerfile).toContain('RUN node scripts/build_image.mjs /app');
  const built = spawnSync(process.execPath, ['scripts/build_image.mjs', app], { cwd: ROOT, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}`);
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of 150 MB in all, the base (Debian slim and Node, some 80 MB compressed) leaves this. */
const MAX_LAYER_BYTES = 65e6;

test('what the image adds to its base stays under its share of 150 MB, compressed', () => {
  const packed = join(folder, 'app.tar.gz');
  spawnSync('tar', ['-C', app, '-czf', packed, '.']);
  const { size } = statSync(packed);
  console.log(`layer of the program: ${(size / 1e6).toFixed(1)} MB compressed`);
  expect(size).toBeGreaterThan(1e6);
  expect(size).toBeLessThan(MAX_LAYER_BYTES);
});

test('the image holds the program and its packages, no source and no test', () => {
  const files = readdirSync(app, { recursive: true }).map(String);
  expect(files).toContain('dist/bin.js');
  expect(
    files.filter((file) => /^(src|test|data)\b|\.test\.|secrets\.json/.test(file) && !file.includes('node_modules')),
  ).toEqual([]);
});

/** Runs a command as the image's user, on a read-only root with `/srv` the program, `/mnt` the data, and a `/tmp` of its own. */
const CONTAINED = `
set -e
root="$1" app="$2" data="$3"; shift 3
mount --rbind / "$root"
mount -o remount,ro,bind "$root"
mount --bind "$app" "$root/srv"
mount -o remount,ro,bind "$root/srv"
mount --bind "$data" "$root/mnt"
mount -t tmpfs tmpfs "$root/tmp"
exec chroot --userspec=1000:1000 --groups=1000 "$root" "$@"
`;

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

// Mount namespaces and chroot need root on Linux: elsewhere an engine has to be asked. CI is root.
test.runIf(isRoot)(
  'the program runs on a read-only root as a user without rights, and the health check says so',
  async () => {
    const [root, data] = ['root', 'data'].map((name) => join(folder, name)) as [string, string];
    for (const path of [root, data]) mkdirSync(path);
    chownSync(data, 1000, 1000);
    chmodSync(folder, 0o755);
    const port = await freePort();
    const config = { sites: [{ id: 'shop', keys: ['pk_demo'] }] };
    writeFileSync(join(data, 'shop.json'), JSON.stringify(config));
    const flags = [
      'serve',
      '--json',
      '--config',
      '/mnt/shop.json',
      '--data',
      '/mnt',
      '--port',
      String(port),
      '--console-port',
      '0',
    ];
    const command = [process.execPath, '/srv/dist/bin.js', ...flags];
    const args = ['-m', 'sh', '-c', CONTAINED, 'sh', root, app, data, ...command];
    const child = startChild('unshare', args, { cwd: '/' });
    try {
      await child.saw(/"collector"/);
      const answer = await postEvents(`http://127.0.0.1:${port}`, [anEvent({ event_id: randomUUID() })]);
      expect(await answer.json()).toMatchObject({ results: [{ status: 'accepted' }] });
      const { uid, mode } = statSync(join(data, 'secrets.json'));
      expect([uid, mode & 0o777]).toEqual([1000, 0o600]);
      expect(healthCheck(port)).toBe(0);
    } finally {
      await child.stop();
    }
    expect(healthCheck(port)).toBe(1);
    expect(existsSync(join(data, 'run.json'))).toBe(false);
  },
);

/** Exit code of the Dockerfile's own health check. */
function healthCheck(port: number): number | null {
  const [, json = ''] = dockerfile.match(/HEALTHCHECK[^[]*(\[.*\])$/m) ?? [];
  const [command, ...args] = JSON.parse(json) as [string, ...string[]];
  expect(command).toBe('node');
  return spawnSync(
    process.execPath,
    args.map((arg) => arg.replace(':8787', `:${port}`)),
  ).status;
}

import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { BIN, type Child, type Ending, startChild } from '../support/child.ts';
import { readGuide } from '../support/guide.ts';
import { type ServedPage, servePage } from '../support/page.ts';
import { partOf, until } from '../support/processes.ts';
import { serve } from '../support/serve.ts';

const GUIDE = readGuide('docs/operate/doctor.md');

/** One line of `--json`. */
interface Line {
  readonly check: string;
  readonly verdict: string;
  readonly found: string;
  readonly faults: readonly { readonly code: string; readonly fix: string }[];
}

let folder: string;
let data: string;
let served: Child;
let collector: string;
let page: ServedPage;
let head = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-doctor-'));
  data = join(folder, 'data');
  page = await servePage(() => `<!doctype html><head>${head}</head>`);
  await start();
  head = `<script async src="${collector}/p.js" data-site="shop" data-key="pk_demo"></script>`;
  const sent = await postEvents(collector, [anEvent()]);
  expect(sent.status).toBe(200);
});

afterAll(async () => {
  await served.stop();
  await page.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  const file = join(folder, 'parcours.config.json');
  const site = { id: 'shop', keys: ['pk_demo'], origins: [page.origin] };
  await writeFile(file, JSON.stringify({ sites: [site] }), { mode: 0o600 });
  ({ child: served, collector } = await serve({ data, config: file }));
}

/** A block of the guide with the addresses of this run, as an operator types it. */
async function type(
  name: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Ending & { readonly output: string }> {
  const command = GUIDE.block(name, {
    'parcours doctor': `${process.execPath} ${BIN} doctor`,
    './data': data,
    ...more,
  });
  // From a folder without a configuration: doctor must find the one that the program was started with.
  const child = startChild('sh', ['-c', command], { cwd: folder });
  return { ...(await child.ended), output: child.output() };
}

/** The lines of `--json` that are as bad as they come. */
async function redLines(): Promise<{ readonly code: number | null; readonly lines: readonly Line[] }> {
  const { code, output } = await type('doctor-json', { '--only disk,file-system,running ': '' });
  const { checks } = JSON.parse(output) as { readonly checks: readonly Line[] };
  return { code, lines: checks.filter(({ verdict }) => verdict === 'red') };
}

test('a program in order has no red line, and the exit code 0', async () => {
  const { code, output } = await type('doctor');
  expect(output).not.toMatch(/^RED/m);
  expect(output).toMatch(/^ok +running +collector ready at http/m);
  expect(output).toMatch(/^ok +configuration .*parcours\.config\.json; sites shop$/m);
  expect(code).toBe(0);
});

test('it is asked about the public address and a page too', async () => {
  const addresses = { 'https://collect.shop.example': collector, 'https://shop.example/': page.origin };
  const { code, output } = await type('doctor-url', addresses);
  for (const check of ['address', 'proxy', 'cors', 'cookie', 'csp']) {
    expect(output).toMatch(new RegExp(`^ok +${check} `, 'm'));
  }
  expect(output).toMatch(new RegExp(`^ok +clock .*as ${new URL(collector).host}`, 'm'));
  expect(output).toMatch(/visitor \S+ -> collector, without a proxy; in force: /);
  expect(code).toBe(0);
});

test('a page that sends with another key is one red line', async () => {
  head = head.replace('pk_demo', 'pk_old');
  const addresses = { 'https://collect.shop.example': collector, 'https://shop.example/': page.origin };
  const { code, output } = await type('doctor-url', addresses);
  expect(output.match(/^RED.*$/gm)).toEqual([expect.stringMatching(/csp +data-key="pk_old" is no key of shop$/)]);
  expect(code).toBe(1);
});

test('--json gives the lines that were asked for', async () => {
  const { code, output } = await type('doctor-json');
  const { verdict, checks } = JSON.parse(output) as { readonly verdict: string; readonly checks: readonly Line[] };
  expect(checks.map(({ check }) => check)).toEqual(['running', 'file-system', 'disk']);
  expect([verdict === 'red', code]).toEqual([false, 0]);
});

test('a flag that makes no sense is one line', async () => {
  const odd = await type('doctor-json', { 'disk,file-system,running': 'disks' });
  expect(odd.code).toBe(1);
  expect(JSON.parse(odd.output)).toMatchObject({ error: { code: 'bad_flag', message: /there is no check "disks"/ } });
});

test('a part that died and was started again is told', async () => {
  process.kill(partOf(served.pid, 'collector') as number, 'SIGKILL');
  await served.saw(/the collector killed by SIGKILL/);
  await until(
    async () => (await fetch(`${collector}/readyz`).catch(() => undefined))?.ok === true,
    'it is there again',
  );
  const { output } = await type('doctor-json', { 'disk,file-system,running': 'running' });
  expect(JSON.parse(output)).toMatchObject({ verdict: 'warning', checks: [{ faults: [{ code: 'restarted' }] }] });
  expect(output).toContain('the collector killed by SIGKILL');
});

test('secrets that others can read are one red line, and stay as they are', async () => {
  await chmod(join(data, 'secrets.json'), 0o644);
  expect(await redLines()).toMatchObject({ code: 1, lines: [{ check: 'secrets', faults: [{ code: 'open' }] }] });
  const [line] = (await redLines()).lines;
  expect(line?.faults[0]?.fix).toBe(`chmod 600 ${join(data, 'secrets.json')}`);
  await startChild('sh', ['-c', line?.faults[0]?.fix as string]).ended;
  expect(await redLines()).toEqual({ code: 0, lines: [] });
});

test('a program that was killed is one red line, which says how to start it', async () => {
  await served.stop('SIGKILL');
  await until(async () => !(await fetch(`${collector}/healthz`).catch(() => undefined))?.ok, 'all of it is gone');
  const { code, lines } = await redLines();
  expect([code, lines]).toMatchObject([1, [{ check: 'running', faults: [{ code: 'crashed' }] }]]);
  await start();
  expect(await redLines()).toEqual({ code: 0, lines: [] });
});

test('where nothing was ever started, it says what can be said', async () => {
  const { code, output } = await type('doctor', { './data': join(folder, 'none') });
  expect(output).toMatch(/^warning +running +nothing runs on .*\n +fix: parcours serve --data .*none$/m);
  expect(output).not.toMatch(/the check itself failed/);
  expect(code).toBe(0);
});

/** A shell in which the system says that a folder is an NFS mount: it has a /proc of its own, which says only that. */
function onNfs(mount: string, command: string): Child {
  const mounts = `27 1 254:0 / / rw - ext4 /dev/vda rw\n31 27 0:50 / ${mount} rw - nfs4 filer:/shop rw\n`;
  const setting = `mount -t tmpfs none /proc && mkdir /proc/self && printf '${mounts}' > /proc/self/mountinfo`;
  return startChild('unshare', ['-m', 'sh', '-c', `${setting} && ${command}`], { cwd: folder });
}

// Mounts of one's own need root; what is read from them is tested without.
test.runIf(process.getuid?.() === 0)(
  'a network file system is one red line, and serve refuses to start there',
  async () => {
    const filer = join(folder, 'filer');
    await mkdir(filer);
    const serving = `${process.execPath} ${BIN} serve --data ${filer}/data --port 0 --console-port 0 --json`;
    const refused = onNfs(filer, serving);
    // One that starts all the same must not outlive the test.
    const started = refused.saw(/"collector"/).then(() => refused.stop());
    started.catch(() => {});
    expect((await refused.ended).code).toBe(1);
    const { error } = JSON.parse(refused.output()) as {
      readonly error: { readonly code: string; readonly message: string };
    };
    expect(error.code).toBe('network_file_system');
    expect(error.message).toContain(`${filer}/data lies on a network file system (nfs4, mounted at ${filer})`);
    expect(await readdir(filer)).toEqual([]);

    await writeFile(join(filer, 'config.json'), '{ "networkDataReason": "a filer that promises locks and syncs" }');
    const allowed = onNfs(filer, `${serving} --config ${filer}/config.json`);
    await allowed.saw(/"collector"/);
    await allowed.stop();

    const told = onNfs(filer, `${process.execPath} ${BIN} doctor --data ${filer}/data --only file-system`);
    expect((await told.ended).code).toBe(1);
    expect(told.output()).toMatch(
      /^RED +file-system +nfs4 at \S+ \(filer:\/shop\)\n +fix: move the data folder from \S+ \(nfs4\) /,
    );
  },
);

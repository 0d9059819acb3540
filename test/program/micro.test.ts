import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { BIN, type Child, startChild } from '../support/child.ts';
import { mainOrAll } from '../support/full.ts';
import { childrenOf } from '../support/processes.ts';

let folder: string;
let children: Child[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-micro-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) await child.stop('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** In an empty folder, on a free port. */
function run(flags: readonly string[], { env = {}, node = [] }: { env?: NodeJS.ProcessEnv; node?: string[] } = {}) {
  const args = [...node, BIN, 'micro', '--port', '0', ...flags];
  const child = startChild(process.execPath, args, { cwd: folder, env });
  children.push(child);
  return child;
}

async function start(flags: readonly string[] = [], options: Parameters<typeof run>[1] = {}) {
  const child = run(['--json', ...flags], options);
  const [line] = await child.saw(/^\{"collector".*\}$/m);
  return { child, line, ...(JSON.parse(line) as { collector: string; micro: string; sites: string[]; pid: number }) };
}

const ending = async (child: Child) => {
  const { code } = await child.stop();
  return { code, summary: JSON.parse(child.output().trim().split('\n').at(-1) as string) };
};

test('is one process that leaves nothing on disk, serves the script, and ends with its accounts', async () => {
  const { child, collector, sites, pid } = await start();
  expect(sites).toEqual(['shop']);
  expect(pid).toBe(child.pid);
  expect((await fetch(`${collector}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${collector}/p.js`)).text()).toContain('data-site');
  expect((await postEvents(collector, [anEvent(), { type: 'purchase' }])).status).toBe(200);
  expect(childrenOf(child.pid)).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
  const { code, summary } = await ending(child);
  expect(code).toBe(0);
  expect(summary).toMatchObject({ received: 2, accepted: 1, failed: 0, filtered: 1, failed_on: [] });
});

test('loads no database engine, and no process of its own making', async () => {
  const modules = join(folder, 'modules');
  const hook = `import { appendFileSync } from 'node:fs';
    export async function resolve(name, context, next) {
      const found = await next(name, context);
      appendFileSync(${JSON.stringify(modules)}, found.url + '\\n');
      return found;
    }`;
  const asUrl = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
  const register = asUrl(`import { register } from 'node:module'; register(${JSON.stringify(asUrl(hook))});`);
  const { child, collector } = await start([], { node: ['--import', register] });
  await postEvents(collector, [anEvent()]);
  expect((await fetch(`${collector}/micro/events`)).status).toBe(200);
  await child.stop();
  const loaded = await readFile(modules, 'utf8');
  // That the list is one.
  expect(loaded).toContain('/chunks/micro');
  expect(loaded).not.toMatch(/duckdb|@parcours\/journeys|\/chunks\/engine/);
});

test('takes sites and paths of a configuration, and one site of flags instead', async () => {
  const config = {
    sites: [{ id: 'boots', keys: ['pk_boots'], origins: ['https://boots.example'] }],
    endpointPath: '/shop/in',
  };
  await writeFile(join(folder, 'parcours.config.json'), JSON.stringify(config));
  const byFile = await start();
  expect(byFile.sites).toEqual(['boots']);
  const body = JSON.stringify({
    v: 1,
    site: 'boots',
    key: 'pk_boots',
    sdk: 't',
    sent_at: new Date().toISOString(),
    stamps: [],
    events: [],
  });
  for (const origin of ['https://boots.example', 'http://localhost:3000']) {
    const headers = { origin, 'content-type': 'text/plain' };
    expect((await fetch(`${byFile.collector}/shop/in`, { method: 'POST', headers, body })).status).toBe(200);
  }
  const byFlags = await start(['--site', 'other', '--key', 'pk_other', '--origin', 'https://other.example']);
  expect(byFlags.sites).toEqual(['other']);
  const sent = (origin: string) =>
    fetch(`${byFlags.collector}/v1/events`, {
      method: 'POST',
      headers: { origin, 'content-type': 'text/plain' },
      body: body.replaceAll('boots', 'other'),
    });
  expect((await sent('https://other.example')).status).toBe(200);
  expect((await sent('http://localhost:3000')).status).toBe(401);
});

const stamps = [{ purposes: [], source: 'manual', at: new Date().toISOString() }];

const RED = [
  ['failed', [anEvent({ type: 'purchase', props: { currency: 'EUR' } })], {}],
  ['filtered', [anEvent()], { stamps }],
  ['refused', [anEvent()], { key: 'pk_wrong' }],
  ['dropped', [], { dropped: [{ code: 'queue_full', count: 1 }] }],
] as const;

test.each(mainOrAll(RED, { main: 1 }))(
  'a pipeline goes red for what is %s, where that was asked for, a reset notwithstanding',
  async (what, events, more) => {
    for (const [failOn, code] of [
      [what, 1],
      ['failed,filtered,refused,dropped', 1],
      [['failed', 'filtered', 'refused', 'dropped'].filter((each) => each !== what).join(','), 0],
    ] as const) {
      const { child, collector, micro } = await start(['--fail-on', failOn]);
      await postEvents(collector, [anEvent()]);
      await postEvents(collector, events, more);
      expect((await fetch(`${micro}/reset`, { method: 'POST' })).status).toBe(204);
      const end = await ending(child);
      expect([failOn, end.code, end.summary.failed_on]).toEqual([failOn, code, code === 1 ? [what] : []]);
    }
  },
);

test('says without --json what a person reads', async () => {
  const child = run(['--fail-on', 'failed']);
  const [, collector = ''] = await child.saw(/^Collector +(http:\S+)$/m);
  await child.saw(/Ready/);
  await postEvents(collector, [anEvent({ type: 'purchase' })]);
  expect((await child.stop('SIGINT')).code).toBe(1);
  expect(child.output()).toContain(
    'received 1 = accepted 0 + duplicate 0 + filtered 0 + failed 1 + retry 0; requests refused 0; dropped by browsers 0',
  );
  expect(child.output()).toContain('parcours: 1 failed (--fail-on)');
});

/** Runs a script of Node beside the collector, as CI runs the tests of a shop. */
async function runBeside(script: string, flags: readonly string[] = []) {
  const child = run([...flags, '--', process.execPath, '--input-type=module', '-e', script]);
  return { code: (await child.ended).code, output: child.output() };
}

const TELL = (key: string): string => `await fetch(process.env.PARCOURS_MICRO_URL + '/v1/events', {
  method: 'POST',
  headers: { 'content-type': 'text/plain' },
  body: JSON.stringify({ v: 1, site: 'shop', key: '${key}', sdk: 't', sent_at: new Date(), stamps: [], events: [{}] }),
});`;

test.each([
  ['well', TELL('pk_demo'), 0],
  ['with a fault of its own', `${TELL('pk_demo')} process.exit(7);`, 7],
  ['well, but was refused', TELL('pk_wrong'), 1],
  ['with a fault of its own, and was refused', `${TELL('pk_wrong')} process.exit(7);`, 7],
  ['by a signal', "process.kill(process.pid, 'SIGKILL');", 137],
])('runs a command, and ends as it does where it ended %s', async (_, script, code) => {
  const ended = await runBeside(script, ['--fail-on', 'refused']);
  expect(ended).toEqual({ code, output: expect.stringMatching(/Ready[\s\S]*received \d = accepted 0/) });
});

test('passes on to its command what ends it, and waits for its end', async () => {
  const script = "process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1000); console.log('runs');";
  const child = run(['--', process.execPath, '-e', script]);
  await child.saw(/^runs$/m);
  process.kill(child.pid, 'SIGTERM');
  expect((await child.ended).code).toBe(5);
});

test('says that a command cannot be run', async () => {
  const child = run(['--json', '--', join(folder, 'none')]);
  expect((await child.ended).code).toBe(1);
  expect(child.output()).toContain('none cannot be run (ENOENT)');
});

test('ends while somebody waits for an event', async () => {
  const { child, micro } = await start();
  const waiting = fetch(`${micro}/wait?timeout=60000`).catch(() => 'cut off');
  // A second request is answered only after the first has been taken.
  expect((await fetch(`${micro}/accounts`)).status).toBe(200);
  expect((await child.stop()).code).toBe(0);
  expect(await waiting).toBe('cut off');
});

test.each([
  [['--port', 'x'], 'bad_flag', '--port must be a whole number from 0 to 65535 (it is "x")'],
  [['--max-mb', '0'], 'bad_flag', '--max-mb must be a whole number from 1 to 1024 (it is "0")'],
  [
    ['--fail-on', 'failed,late'],
    'bad_flag',
    '--fail-on takes failed, filtered, refused, dropped, separated by commas (it has "late")',
  ],
  [['--config', 'none.json'], 'configuration', 'none.json: cannot be read (ENOENT)'],
  [['--site', 'Shop'], 'not_started', 'option "sites[0].id": must be lower-case letters'],
  [['--origin', 'localhost'], 'not_started', 'must be an origin such as https://www.example.com'],
])('refuses %j with one line', async (flags, code, message) => {
  const child = run(['--json', ...flags]);
  expect((await child.ended).code).toBe(1);
  const { error } = JSON.parse(child.output());
  expect(error).toEqual({ code, message: expect.stringContaining(message) });
  expect(child.output().trim().split('\n')).toHaveLength(1);
});

test('says which port is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const child = run(['--json', '--port', String(port)]);
  expect((await child.ended).code).toBe(1);
  expect(JSON.parse(child.output()).error.message).toContain(`port ${port} is in use`);
  server.close();
});

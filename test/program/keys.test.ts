import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { outputOf } from '../support/command.ts';
import { until } from '../support/processes.ts';
import { type Program, startProgram } from '../support/program.ts';
import { runLines } from '../support/shell.ts';

/** How long a decision may take until it is in force, ms. */
const WITHIN_MS = 1_000;
const PAGE = 'https://new.example';

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

/** Runs one command, and gives its JSON. */
async function parcours<T = Record<string, never>>(line: string): Promise<T> {
  return JSON.parse(await outputOf([...line.split(' '), '--json', '--data', program.data])) as T;
}

interface Made {
  readonly key: { readonly id: string; readonly public_key: string };
  readonly secret: string;
}

/** How an event of a public key is answered: `accepted`, or the code of the refusal. */
async function send(site: string, key: string): Promise<string> {
  const response = await postEvents(program.collector, [anEvent()], { site, key });
  const answer = (await response.json()) as { results?: { status: string }[]; error?: { code: string } };
  return answer.error?.code ?? answer.results?.[0]?.status ?? '';
}

async function sendAsServer(site: string, secret: string): Promise<string> {
  const batch = {
    v: 1,
    site,
    sdk: 'test',
    sent_at: new Date().toISOString(),
    stamps: [{ purposes: ['audience'], source: 'shop', at: new Date(Date.now() - 60_000).toISOString() }],
    events: [anEvent({ visitor_id: `by-${secret.slice(-6)}` })],
  };
  const response = await fetch(`${program.collector}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify(batch),
  });
  const answer = (await response.json()) as { results?: { status: string }[]; error?: { code: string } };
  return answer.error?.code ?? answer.results?.[0]?.status ?? '';
}

/** Ms until something is so; whoever waits longer than is promised fails at once. */
async function within(ask: () => Promise<string>, wanted: string): Promise<void> {
  const started = performance.now();
  let last = '';
  while (performance.now() - started < WITHIN_MS) {
    last = await ask();
    if (last === wanted) return;
  }
  throw new Error(`${last} for ${WITHIN_MS} ms, not ${wanted}`);
}

it('takes events of a site that is added while it runs, refuses them once it is removed, and keeps what it had', async () => {
  expect(await send('new', 'pk_x')).toBe('unknown_site');
  const { key } = await parcours<Made>(`site add new --origin ${PAGE}`);
  await within(() => send('new', key.public_key), 'accepted');
  const page = await fetch(`${program.collector}/v1/events`, { method: 'OPTIONS', headers: { origin: PAGE } });
  expect(page.headers.get('access-control-allow-origin')).toBe(PAGE);
  expect((await parcours<{ sites: unknown[] }>('site list')).sites).toEqual([
    { id: 'shop', origins: [], activeKeys: 1, source: 'configuration' },
    { id: 'new', origins: [PAGE], activeKeys: 1, source: 'command' },
  ]);
  await parcours('site remove new');
  await within(() => send('new', key.public_key), 'unknown_site');
  const rows = await program.rowsWhen("SELECT count(*) AS n FROM events WHERE site = 'new'", ([row]) => row?.n === 1);
  expect(rows).toEqual([{ n: 1 }]);
  const again = await parcours<Made>('site add new');
  await within(() => send('new', again.key.public_key), 'accepted');
  expect(await send('new', key.public_key)).toBe('unknown_key');
});

it('refuses a key within a second of its end, whoever was killed meanwhile', async () => {
  const { key } = await parcours<Made>('key create --site shop');
  await within(() => send('shop', key.public_key), 'accepted');
  const { key: other } = await parcours<Made>('key create --site shop');
  await program.killCollector();
  await parcours(`key revoke ${key.id}`);
  await until(async () => (await send('shop', 'pk_demo').catch(() => '')) === 'accepted', 'the collector is back');
  expect(await send('shop', key.public_key)).toBe('unknown_key');
  expect(await send('shop', other.public_key)).toBe('accepted');
  await parcours(`key revoke ${other.id}`);
  await within(() => send('shop', other.public_key), 'unknown_key');
});

it('rotates: both keys open during the overlap, then the new one alone', async () => {
  const old = await parcours<Made>('key create --site shop --secret');
  await within(() => sendAsServer('shop', old.secret), 'accepted');
  // Four seconds.
  const fresh = await parcours<Made & { old: { ends_at: string } }>(`key rotate ${old.key.id} --overlap ${4 / 3600}`);
  await within(() => sendAsServer('shop', fresh.secret), 'accepted');
  expect(await sendAsServer('shop', old.secret)).toBe('accepted');
  await until(() => Date.now() >= Date.parse(fresh.old.ends_at), 'the overlap is over');
  await within(() => sendAsServer('shop', old.secret), 'unknown_secret');
  expect(await sendAsServer('shop', fresh.secret)).toBe('accepted');
});

it('stores what a server sends with a secret that a command made, and shows the secret to nobody', async () => {
  const { secret } = await parcours<Made>('key create --site shop --secret');
  await within(() => sendAsServer('shop', secret), 'accepted');
  const visitor = `by-${secret.slice(-6)}`;
  const rows = await program.rowsWhen(
    `SELECT source FROM events WHERE visitor_id = '${visitor}' AND source = 'server'`,
    ({ length }) => length > 0,
  );
  expect(rows[0]).toEqual({ source: 'server' });
  const lists = await Promise.all(
    ['key list --all', 'key list --all --json', 'site list'].map((line) => runLines(`parcours ${line}`, program)),
  );
  for (const { output } of lists) expect(output).not.toMatch(/(sk|pc)_[\w-]{20}/);
  expect(program.output()).not.toContain(secret);
});

it('opens the console by a secret of a role, for as long as it is in force', async () => {
  const { secret, key } = await parcours<Made>('key create --console analyst');
  const ask = async (): Promise<string> => {
    const response = await fetch(`${program.console}/v1/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ sql: 'SELECT 1' }),
    });
    return String(response.status);
  };
  await within(ask, '200');
  await parcours(`key revoke ${key.id}`);
  await within(ask, '401');
});

it('lets commands at once all succeed', async () => {
  const made = await Promise.all(Array.from({ length: 6 }, () => parcours<Made>('key create --site shop')));
  expect(new Set(made.map(({ key }) => key.id)).size).toBe(6);
  const { keys } = await parcours<{ keys: { id?: string }[] }>('key list');
  expect(keys.map(({ id }) => id)).toEqual(expect.arrayContaining(made.map(({ key }) => key.id)));
  const sites = await Promise.allSettled([1, 2, 3].map(() => parcours('site add once')));
  expect(sites.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('tells its lag and what it has read', async () => {
  const metrics = await (await fetch(`${program.collector}/metrics`)).text();
  const read = (name: string): number => Number(metrics.match(new RegExp(`^${name} (\\S+)$`, 'm'))?.[1]);
  expect(read('parcours_control_lag_seconds')).toBeLessThan(1);
  expect(read('parcours_control_records')).toBeGreaterThan(10);
  expect(read('parcours_control_bad_lines')).toBe(0);
});

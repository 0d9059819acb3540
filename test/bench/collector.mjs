import { fork } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';

/**
 * How near the collector runs to the least that a server can do (baseline.mjs): same machine, same run, in turns.
 * Server on one core, load on another, where the system can pin them.
 */
const HELP = `Usage: pnpm bench collector [--seconds 5] [--rounds 3] [--connections 50] [--json]

Batches of 10 events, about 9 KB. Goal 0.8 of the baseline, floor 0.65.`;
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '50' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const PORT = 18_787;
const ROOT = new URL('../..', import.meta.url).pathname;
const folder = await mkdtemp(join(tmpdir(), 'parcours-bench-'));
const pin = (core) => (process.platform === 'linux' ? ['taskset', '-c', String(core)] : []);

const anEvent = (n) => ({
  event_id: randomUUID(),
  type: n % 3 === 0 ? 'view_item' : 'page_view',
  occurred_at: new Date().toISOString(),
  stamp: 0,
  seq: n,
  visitor_id: '019aa1c0-aaaa-7000-8000-000000000001',
  session_id: '019aa1c0-bbbb-7000-8000-000000000001',
  page_view_id: '019aa1c0-cccc-7000-8000-000000000001',
  page: {
    url: `https://shop.example/collections/boots/product-${n}?utm_source=news&utm_medium=email&utm_campaign=autumn-week`,
    title: 'Walking boots for wide feet, waterproof, men and women | Cairn, the outdoor shop of Lyon and Grenoble',
    referrer: 'https://www.qwant.com/',
  },
  props:
    n % 3 === 0
      ? {
          currency: 'EUR',
          value: 129.9,
          items: [
            {
              item_id: 'SKU-1042',
              item_name: 'Walking boot',
              item_brand: 'Cairn',
              item_category: 'Shoes',
              item_variant: '42',
              price: 129.9,
              quantity: 1,
            },
            {
              item_id: 'SKU-2077',
              item_name: 'Merino socks, two pairs',
              item_brand: 'Cairn',
              item_category: 'Socks',
              price: 24.5,
              quantity: 2,
            },
          ],
        }
      : {
          navigation: 'push',
          template: 'product-list',
          sort_order: 'popularity',
          filters: ['size:42', 'colour:brown', 'waterproof'],
          position: n,
        },
});
const body = () =>
  JSON.stringify({
    v: 1,
    site: 'shop',
    key: 'pk_demo',
    sdk: 'bench',
    sent_at: new Date().toISOString(),
    stamps: [{ purposes: ['audience'], source: 'manual', at: new Date(Date.now() - 60_000).toISOString() }],
    events: Array.from({ length: 10 }, (_, n) => anEvent(n)),
  });

/** The collector as the program runs it, without the reader that would load what it writes on the same cores. */
const config = {
  port: PORT,
  host: '127.0.0.1',
  data: folder,
  sites: [{ id: 'shop', keys: ['pk_demo'], origins: [], queryKeys: [], hosts: ['shop.example'] }],
  trustProxy: false,
  rateLimits: { perAddress: 1_000_000, perKey: 1_000_000 },
  metricsFrom: ['127.0.0.0/8'],
  logLevel: 'warn',
};
const secret = () => randomBytes(32).toString('base64url');
await writeFile(join(folder, 'secrets.json'), JSON.stringify({ cookie: secret(), join: secret(), admin: secret() }));
const servers = {
  baseline: () => ({
    script: join(ROOT, 'test/bench/baseline.mjs'),
    args: [String(PORT), join(folder, `baseline-${Date.now()}.log`)],
  }),
  collector: () => ({
    script: join(ROOT, 'packages/parcours/dist/bin.js'),
    args: [],
    env: { PARCOURS_CHILD_ROLE: 'collector', PARCOURS_CHILD_CONFIG: JSON.stringify(config) },
  }),
};

async function measure(name) {
  const { script, args, env } = servers[name]();
  const [command, ...prefix] = [...pin(0), process.execPath];
  const server = fork(script, args, {
    execPath: command,
    execArgv: prefix,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await new Promise((resolve) => server.once('message', resolve));
  const run = (duration) =>
    autocannon({
      url: `http://127.0.0.1:${PORT}/v1/events`,
      method: 'POST',
      headers: {
        'content-type': 'text/plain',
        'user-agent': 'Mozilla/5.0 (X11; Linux x64) Chrome/156.0.0.0 Safari/537.36',
      },
      connections: Number(values.connections),
      duration,
      setupClient: (client) => client.setBody(body()),
      requests: [{ setupRequest: (request) => ({ ...request, body: body() }) }],
    });
  await run(2);
  const result = await run(Number(values.seconds));
  server.kill('SIGKILL');
  await new Promise((resolve) => server.once('exit', resolve));
  const bad = result.non2xx + result.errors;
  return { name, perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99, bad };
}

const rounds = [];
for (let round = 0; round < Number(values.rounds); round++) {
  for (const name of Object.keys(servers)) {
    const measured = await measure(name);
    rounds.push(measured);
    if (!values.json) {
      const { perSecond, p50, p99, bad } = measured;
      console.log(
        `${name.padEnd(10)} ${perSecond.toFixed(0).padStart(6)} batches/s  p50 ${p50} ms  p99 ${p99} ms  ${bad} refused`,
      );
    }
  }
}
await rm(folder, { recursive: true, force: true });
const median = (name) => {
  const sorted = rounds
    .filter((round) => round.name === name)
    .map(({ perSecond }) => perSecond)
    .sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
};
const ratio = median('collector') / median('baseline');
if (values.json) console.log(JSON.stringify({ rounds, ratio }));
else
  console.log(
    `\nThe collector runs at ${ratio.toFixed(2)} of the baseline (median of ${values.rounds}; goal 0.80, floor 0.65).`,
  );

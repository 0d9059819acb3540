import { execFileSync, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { createBatches } from './batches.mjs';
import { provenance, writeSection } from './document.mjs';
import { medianOf } from './median.mjs';
import { markdownTable } from './table.mjs';

/**
 * How near the collector runs to the least that a server can do (baseline.mjs): same machine, same run, in turns.
 * Server on one core, load on another, where the system can pin them. Beside the requests a second it tells the CPU time
 * of one, which other work on the machine disturbs less.
 */
const HELP = `Usage: pnpm bench collector [--seconds 5] [--rounds 3] [--connections 50] [--json] [--write]

Batches of 10 events, about 8 KB. Goal 0.8 of the baseline, floor 0.65. --write publishes the medians in docs/performance.md.`;
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '50' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
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
if (process.platform === 'linux') execFileSync('taskset', ['-cp', '1', String(process.pid)], { stdio: 'ignore' });

const batches = createBatches();
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
      requests: [{ setupRequest: (request) => ({ ...request, body: batches.next() }) }],
    });
  // Until the compiler has settled: the collector has ten times the code of the baseline.
  await run(3);
  const before = { server: await usage(server.pid), load: process.cpuUsage(), at: performance.now() };
  const result = await run(Number(values.seconds));
  const ms = performance.now() - before.at;
  const load = process.cpuUsage(before.load);
  const after = await usage(server.pid);
  server.kill('SIGKILL');
  await new Promise((resolve) => server.once('exit', resolve));
  return {
    name,
    perSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    bad: result.non2xx + result.errors,
    cpuUs: ((after.cpuMs - before.server.cpuMs) * 1000) / result.requests.total,
    rssMb: after.rssMb,
    /** Share of its core that the load took: near 1, it and not the server would be measured. */
    load: (load.user + load.system) / 1000 / ms,
  };
}

/** CPU time and memory of a process with all its threads. Source: proc_schedstat and proc_pid_statm(5), pages of 4 KB. */
async function usage(pid) {
  if (process.platform !== 'linux') return { cpuMs: Number.NaN, rssMb: Number.NaN };
  const threads = await readdir(`/proc/${pid}/task`);
  const times = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')));
  const pages = Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1]);
  return { cpuMs: times.reduce((sum, time) => sum + Number.parseInt(time, 10), 0) / 1e6, rssMb: (pages * 4096) / 1e6 };
}

const rounds = [];
for (let round = 0; round < Number(values.rounds); round++) {
  for (const name of Object.keys(servers)) {
    const measured = await measure(name);
    rounds.push(measured);
    if (!values.json) {
      const { perSecond, p50, p99, cpuUs, rssMb, load, bad } = measured;
      console.log(
        [
          `${name.padEnd(10)} ${perSecond.toFixed(0).padStart(6)} batches/s`,
          `p50 ${p50} ms`,
          `p99 ${p99} ms`,
          `${cpuUs.toFixed(0)} us CPU a batch`,
          `${rssMb.toFixed(0)} MB`,
          `load ${load.toFixed(2)}`,
          `${bad} refused`,
        ].join('  '),
      );
    }
  }
}
await rm(folder, { recursive: true, force: true });
const median = (name, figure) =>
  medianOf(rounds.filter((round) => round.name === name).map((round) => round[figure])).median;
const ratio = median('collector', 'perSecond') / median('baseline', 'perSecond');
const cpuRatio = median('baseline', 'cpuUs') / median('collector', 'cpuUs');
if (values.json) console.log(JSON.stringify({ rounds, ratio, cpuRatio }));
else
  console.log(
    `\nThe collector runs at ${ratio.toFixed(2)} of the baseline, ${cpuRatio.toFixed(2)} by CPU time (medians of ${values.rounds}; goal 0.80, floor 0.65).`,
  );
if (values.write) {
  const row = (name) => [
    name,
    ...['perSecond', 'p50', 'p99', 'cpuUs', 'rssMb'].map((figure) => Math.round(median(name, figure))),
  ];
  const table = markdownTable([
    ['', 'batches a second', 'p50, ms', 'p99, ms', 'CPU a batch, µs', 'memory, MB'],
    ...Object.keys(servers).map(row),
  ]);
  const conditions = [`${values.rounds} rounds of ${values.seconds} s`, `${values.connections} connections`];
  const outcome = `The collector runs at ${ratio.toFixed(2)} of the baseline, ${cpuRatio.toFixed(2)} by CPU time.`;
  writeSection('collector', `${provenance(conditions)} ${outcome}\n\n${table}`);
}

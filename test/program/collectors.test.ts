import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAnotherCollector } from '../support/another_collector.ts';
import { aBatch, anEvent, PHONE } from '../support/batch.ts';
import { until } from '../support/processes.ts';
import { type Program, startProgram } from '../support/program.ts';
import { runShell } from '../support/shell.ts';

/** Several collectors over one data folder are of one mind within a second: about policies, and about withdrawals. */

let program: Program;
let another: Awaited<ReturnType<typeof startAnotherCollector>>;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parcours-collectors-'));
  program = await startProgram();
  another = await startAnotherCollector(program.data);
});
afterAll(async () => {
  await another?.stop();
  await program?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Reply {
  readonly results: readonly { readonly status: string; readonly code?: string }[];
  readonly receipts?: readonly (string | null)[];
}

async function send(collector: string, batch: object): Promise<Reply> {
  const response = await fetch(`${collector}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'user-agent': PHONE },
    body: JSON.stringify(batch),
  });
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Reply;
}

const codeOf = ({ results: [result] }: Reply): string | undefined => result?.code ?? result?.status;

async function publish(policy: object): Promise<{ readonly hash: string; readonly since: number }> {
  writeFileSync(join(folder, 'consent.policy.json'), JSON.stringify(policy));
  const run = (line: string) => runShell(line, { cwd: folder, env: { DATA: program.data } });
  const { code, stdout, stderr } = await run('parcours policy publish --json');
  if (code !== 0) throw new Error(stderr);
  const { since } = JSON.parse((await run('parcours policy show --json')).stdout);
  return { hash: JSON.parse(stdout).hash, since: Date.parse(since) };
}

it('a policy that was published is judged by at every collector within a second', async () => {
  /** When each collector was first seen to refuse what the new policy forbids. */
  const refusedAt = new Map<string, number>();
  const watch = [program.collector, another.address].map(async (collector) => {
    const visitor_id = randomUUID();
    expect(codeOf(await send(collector, aBatch([anEvent({ type: 'forbidden', visitor_id })], { visitor_id })))).toBe(
      'accepted',
    );
    await until(async () => {
      const asked = Date.now();
      const code = codeOf(await send(collector, aBatch([anEvent({ type: 'forbidden', visitor_id })], { visitor_id })));
      if (code !== 'event_not_allowed') return false;
      refusedAt.set(collector, asked);
      return true;
    }, `${collector} judges by the new policy`);
  });
  const rules = { events: { page_view: ['audience'] } };
  const { hash, since } = await publish({ policy: 1, version: '1.0.0', rules, sites: { shop: {} } });
  await Promise.all(watch);
  for (const [collector, at] of refusedAt) expect([collector, at - since < 1_000]).toEqual([collector, true]);
  expect(refusedAt.size).toBe(2);
  // A page that has it already is understood by both.
  for (const collector of [program.collector, another.address]) {
    const visitor_id = randomUUID();
    const stamps = [{ purposes: ['audience'], source: 'manual', at: new Date().toISOString(), policy: hash }];
    expect(codeOf(await send(collector, aBatch([anEvent({ visitor_id })], { visitor_id, stamps })))).toBe('accepted');
  }
});

it.each([
  ['the first', 'the second', () => [program.collector, another.address]],
  ['the second', 'the first', () => [another.address, program.collector]],
] as const)('a withdrawal that %s collector was told of is refused by %s within a second', async (_a, _b, both) => {
  const [told, other] = both() as [string, string];
  const visitor_id = randomUUID();
  const stamp = { purposes: ['audience'], source: 'manual', at: new Date(Date.now() - 1_000).toISOString() };
  const batch = (more: object = {}): object =>
    aBatch([anEvent({ visitor_id })], { visitor_id, stamps: [stamp], ...more });
  const { receipts } = await send(told, batch());
  const kept = { ...stamp, receipt: receipts?.[0] };
  // The receipt that one gave is known to the other.
  expect(codeOf(await send(other, batch({ stamps: [kept] })))).toBe('accepted');

  await send(told, batch({ events: [], stamps: [], withdrawn: { at: new Date().toISOString() } }));
  const withdrawnAt = Date.now();
  expect(codeOf(await send(told, batch({ stamps: [kept] })))).toBe('consent_withdrawn');
  let asked = 0;
  await until(async () => {
    asked = Date.now();
    return codeOf(await send(other, batch({ stamps: [kept] }))) === 'consent_withdrawn';
  }, 'the other collector refuses');
  expect(asked - withdrawnAt).toBeLessThan(1_000);
  // Nor is the choice told as though for the first time; a new one is.
  expect(codeOf(await send(other, batch()))).toBe('consent_withdrawn');
  const anew = { ...stamp, at: new Date().toISOString() };
  expect(codeOf(await send(other, batch({ stamps: [anew] })))).toBe('accepted');
});

it('each keeps a chain of receipts of its own, and all of them are whole', async () => {
  const { code, stdout } = await runShell('parcours receipts verify --json', {
    cwd: folder,
    env: { DATA: program.data },
  });
  expect(code).toBe(0);
  const { chains } = JSON.parse(stdout) as { readonly chains: readonly { readonly writer: string }[] };
  expect(chains.map(({ writer }) => writer)).toEqual(['collector-0', 'collector-1']);
  // What was taken a moment ago is a row a moment later.
  await program.rowsWhen("SELECT 1 FROM events WHERE type = 'page_view'", (rows) => rows.length > 0);
});

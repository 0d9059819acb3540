import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aBatch, anEvent, PHONE } from '../support/batch.ts';
import { readGuide } from '../support/guide.ts';
import { type Program, startProgram } from '../support/program.ts';
import { runShell } from '../support/shell.ts';

/** Receipts of the running program: given, kept over a crash, listed, verified, handed over. */

const guide = readGuide('docs/operate/receipts.md');
const VISITOR = '0190a0a0-0000-7000-8000-000000000001';

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

const choice = (): object => ({
  purposes: ['audience'],
  denied: ['ads_measurement'],
  source: 'manual',
  at: new Date().toISOString(),
  notice_hash: 'n'.repeat(43),
  language: 'fr-FR',
});

interface Told {
  readonly receipts?: readonly (string | null)[];
  readonly results: readonly { readonly status: string; readonly code?: string }[];
}

async function send(more: object, visitor_id: string = VISITOR, events = 1): Promise<Told> {
  const batch = aBatch(
    Array.from({ length: events }, () => anEvent({ event_id: randomUUID(), visitor_id })),
    { visitor_id, ...more },
  );
  const response = await fetch(`${program.collector}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'user-agent': PHONE },
    body: JSON.stringify(batch),
  });
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Told;
}

const parcours = async (command: string): Promise<{ code: number | null; stdout: string }> =>
  runShell(`parcours ${command} --data ${program.data}`, { cwd: join(program.data, '..') });
const listed = async (flags = ''): Promise<Record<string, unknown>[]> =>
  (await parcours(`receipts list --json ${flags}`)).stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

it('a choice has its receipt on disk once it is answered, over a crash of the collector, and one only', async () => {
  const stamp = choice();
  const { receipts, results } = await send({ stamps: [stamp] });
  expect(results.map(({ status }) => status)).toEqual(['accepted']);
  const [id] = receipts as readonly string[];
  await program.killCollector();
  const [receipt, ...others] = await listed(`--receipt ${id}`);
  expect(others).toEqual([]);
  expect(receipt).toMatchObject({
    ...{
      receipt_id: id,
      action: 'grant',
      site: 'shop',
      source: 'manual',
      gpc: false,
      language: 'fr-FR',
      previous: null,
    },
    ...{ purposes: { granted: ['audience'], denied: ['ads_measurement'] }, legal_basis: { audience: 'consent' } },
  });
  expect(JSON.stringify(receipt)).not.toMatch(new RegExp(`${VISITOR}|iPhone|127\\.0\\.0`));
  await retried(async () => expect((await send({ stamps: [stamp] })).receipts).toEqual([id]));
  // The receipt stands for its choice from now on, and for nobody else's.
  expect((await send({ stamps: [{ ...stamp, receipt: id }] })).results[0]?.status).toBe('accepted');
  expect((await send({ stamps: [{ ...stamp, receipt: id }] }, randomUUID())).results[0]).toMatchObject({
    code: 'consent_forged',
  });
  expect(await listed(`--visitor ${VISITOR}`)).toHaveLength(1);
});

it('a withdrawal has its receipt and its record, and holds over a crash', async () => {
  const visitor = randomUUID();
  const stamp = choice();
  const { receipts } = await send({ stamps: [stamp] }, visitor);
  const [id] = receipts as readonly string[];
  const withdrawn = { at: new Date().toISOString() };
  await send({ stamps: [], withdrawn }, visitor, 0);
  expect((await listed(`--visitor ${visitor}`)).map(({ action }) => action)).toEqual(['grant', 'withdraw']);
  expect(await readdir(join(program.data, 'control'))).toContain('collector-0');
  const refused = { status: 'filtered', code: 'consent_withdrawn' };
  expect((await send({ stamps: [{ ...stamp, receipt: id }] }, visitor)).results[0]).toMatchObject(refused);
  await program.killCollector();
  await retried(async () =>
    expect((await send({ stamps: [{ ...stamp, receipt: id }] }, visitor)).results[0]).toMatchObject(refused),
  );
});

it('the commands of the guide do what it says', async () => {
  const lines = async (block: string): Promise<string> => {
    const { code, stdout, stderr } = await runShell(guide.block(block), {
      cwd: join(program.data, '..'),
      env: { DATA: program.data },
    });
    expect([code, stderr]).toEqual([0, '']);
    return stdout;
  };
  expect(await lines('list')).toMatch(/\S{22} +\d{4}-\S+Z +shop +withdraw/);
  expect(await lines('verify')).toContain('All 3 receipts are as they were written.');
  expect(await lines('export')).toContain('All 3 receipts are as they were written.');
});

/** The program starts its collector again after a moment. */
async function retried(attempt: () => Promise<void>): Promise<void> {
  for (const until = performance.now() + 15_000; ; ) {
    try {
      return await attempt();
    } catch (error) {
      if ((error as Error).message !== 'fetch failed' || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { backUp, backUpInEachTest, data, file, killAll, parcours, served, start } from '../support/backed_up.ts';
import { aBatch, anEvent, PHONE } from '../support/batch.ts';
import { partOf, until } from '../support/processes.ts';
import { askProgram, rowsWhen } from '../support/reader.ts';
import type { Served } from '../support/serve.ts';

backUpInEachTest();

async function post(collector: string, events: readonly unknown[], cookie?: string, visitor = 'visitor-1') {
  const response = await fetch(`${collector}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', 'user-agent': PHONE, ...(cookie && { cookie }) },
    body: JSON.stringify(aBatch(events, { visitor_id: visitor })),
  });
  const answer = (await response.json()) as { results?: { event_id: string; status: string }[]; visitor_id?: string };
  return { response, results: answer.results ?? [], visitorId: answer.visitor_id };
}

it('keeps all that was acknowledged before it through a kill and the loss of the data folder', async () => {
  let collector = await start();
  const { response } = await post(collector, [anEvent()]);
  const cookie = response.headers.get('set-cookie')?.split(';')[0] as string;
  expect(cookie).toMatch(/^pc_shop=/);

  const sent = new Set<string>();
  const acknowledged = new Set<string>();
  let isLoading = true;
  const load = async (): Promise<void> => {
    while (isLoading) {
      const events = Array.from({ length: 20 }, () => anEvent());
      for (const { event_id } of events) sent.add(event_id);
      const { results } = await post(collector, events).catch(() => ({ results: [] }));
      for (const { event_id, status } of results) if (status === 'accepted') acknowledged.add(event_id);
    }
  };
  const loads = Array.from({ length: 8 }, load);
  await until(() => acknowledged.size > 2_000, 'the load is under way');
  // A collector that dies under load leaves a torn tail, and a second segment after it.
  process.kill(partOf((served as Served).child.pid, 'collector') as number, 'SIGKILL');
  await (served as Served).child.saw(/the collector killed by SIGKILL/);
  isLoading = false;
  await Promise.all(loads);
  await killAll();
  collector = await start();
  isLoading = true;
  loads.push(...Array.from({ length: 8 }, load));
  await until(() => acknowledged.size > 4_000, 'the load goes on');

  const before = [...acknowledged];
  const { code, stdout, stderr } = await backUp('--json');
  expect([code, stderr]).toEqual([0, '']);
  const summary = JSON.parse(stdout);
  expect(summary).toMatchObject({ file, secrets: true, positions: [{ log: 'collector-0' }] });
  const known = acknowledged.size;
  await until(() => acknowledged.size > known, 'the collector goes on after the backup');
  await killAll();
  isLoading = false;
  await Promise.all(loads);

  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await parcours('backup', '--verify', file)).code).toBe(0);
  const secrets = await readFile(join(data, 'secrets.json'), 'utf8');
  await rm(data, { recursive: true });
  const restored = await parcours('restore', file, '--data', data, '--json');
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  expect(await readFile(join(data, 'secrets.json'), 'utf8')).toBe(secrets);
  expect((await stat(join(data, 'secrets.json'))).mode & 0o777).toBe(0o600);

  collector = await start();
  // The same batch as before, as a browser sends it that never heard the answer; and the same visitor.
  const again = before.slice(0, 20).map((event_id) => anEvent({ event_id }));
  await post(collector, again);
  const known_ = await post(collector, [anEvent({ type: 'after_restore' })], cookie, 'visitor-2');
  expect(known_.visitorId).toBe('visitor-1');
  await rowsWhen(
    () => askProgram("SELECT visitor_id FROM events WHERE type = 'after_restore'", { data }),
    (rows) => rows[0]?.visitor_id === 'visitor-1',
  );
  const rows = await askProgram("SELECT event_id FROM events WHERE type = 'page_view'", { data, maxRows: 1_000_000 });
  const stored = rows.map(({ event_id }) => String(event_id));
  expect(new Set(stored).size).toBe(stored.length);
  const there = new Set(stored);
  expect(before.filter((id) => !there.has(id))).toEqual([]);
  expect(stored.filter((id) => !sent.has(id))).toHaveLength(1);
  expect(JSON.parse(restored.stdout).loadedRows).toBeGreaterThanOrEqual(before.length);
}, 120_000);

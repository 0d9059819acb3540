import { afterAll, beforeAll, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../testing/open_console.ts';

let console: TestConsole;
beforeAll(async () => {
  console = await openConsole();
  const record = {
    ...{ v: 1, kind: 'batch', site: 'shop-fr', source: 'web', sdk: '1', client: { bot: false } },
    ...{ received_at: '2026-11-20T10:00:00.000Z', sent_at: '2026-11-20T10:00:00.000Z' },
    stamps: [{ purposes: ['audience'], source: 'manual', at: '2026-11-20T10:00:00.000Z' }],
    events: ['v-1', 'v-2'].map((visitor_id, n) => ({
      event_id: `019aa1c0-0000-7000-8000-00000000000${n}`,
      type: 'page_view',
      occurred_at: '2026-11-20T10:00:00.000Z',
      stamp: 0,
      visitor_id,
      keys: { customer_id: `C-${n}` },
    })),
  };
  const bytes = Buffer.from(JSON.stringify(record));
  await console.engine.load({ log: 'c', segment: 1, endOffset: bytes.length + 10, records: [bytes], offsets: [0] });
});
afterAll(() => console.close());

const ask = (what: string, body: object, role = 'privacy') =>
  console.request(`/v1/subjects/${what}`, {
    method: 'POST',
    headers: { authorization: `Bearer secret-of-${role}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const ONE = { by: 'customer_id', value: 'C-0' };

it('finds, hands over and erases somebody for the privacy role', async () => {
  expect(await (await ask('find', ONE)).json()).toMatchObject({
    rows: { events: 1 },
    ids: [{ value: 'C-0' }, { value: 'v-1' }],
  });
  const exported = await ask('export', ONE);
  expect(exported.headers.get('content-disposition')).toBe('attachment; filename="subject.json"');
  expect(await exported.json()).toMatchObject({ format: 'parcours.subject/1', events: [{ visitor_id: 'v-1' }] });
  expect(await (await ask('erase', { ...ONE, dryRun: true })).json()).toMatchObject({
    isErased: false,
    erased: { events: 1 },
  });
  expect(await (await ask('erase', ONE)).json()).toMatchObject({ isErased: true, erased: { events: 1 } });
  expect((await console.engine.query('SELECT visitor_id FROM events')).rows).toEqual([['v-2']]);
});

it.each<[string, object, number, string]>([
  ['nobody', { by: 'visitor', value: 'x' }, 404, 'unknown_subject'],
  ['a phone without its country', { by: 'phone', value: '0612345678' }, 400, 'bad_id'],
  ['an unknown kind', { by: 'name', value: 'Jane' }, 400, 'bad_request'],
])('%s is refused', async (_, body, status, code) => {
  for (const what of ['find', 'export', 'erase']) {
    const answer = await ask(what, body);
    expect([answer.status, (await answer.json()).error.code]).toEqual([status, code]);
  }
});

it('is no affair of an analyst', async () => {
  for (const what of ['find', 'export', 'erase']) expect((await ask(what, ONE, 'analyst')).status).toBe(403);
});

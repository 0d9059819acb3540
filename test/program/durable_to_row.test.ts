import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { outputOf } from '../support/command.ts';
import { type Program, startProgram } from '../support/program.ts';

let program: Program;
beforeAll(async () => {
  program = await startProgram();
});
afterAll(() => program.stop());

/** Asks the reader itself, without the start of a process for each try. */
async function visibleAfterMs(id: string, since: number): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  const { admin } = JSON.parse(await readFile(`${program.data}/secrets.json`, 'utf8'));
  for (;;) {
    const response = await fetch(`${program.console}/v1/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}` },
      body: JSON.stringify({ sql: `SELECT 1 FROM events WHERE event_id = '${id}'` }),
    });
    const { rows } = (await response.json()) as { rows: unknown[] };
    const elapsed = performance.now() - since;
    if (rows.length > 0 || elapsed > 10_000) return elapsed;
  }
}

it('an answered event is a row within two seconds', async () => {
  for (let round = 0; round < 5; round++) {
    const event = anEvent();
    expect((await postEvents(program.collector, [event])).status).toBe(200);
    expect(await visibleAfterMs(event.event_id, performance.now())).toBeLessThan(2_000);
  }
});

it('a stored row holds what was sent, in the columns of the design', async () => {
  const event = anEvent({
    type: 'purchase',
    seq: 3,
    session_id: 's-1',
    page: {
      url: 'https://shop.example/done?utm_source=news&utm_medium=email&token=secret#end',
      title: 'Thank you',
      referrer: 'https://www.qwant.com/?q=boots',
    },
    props: { transaction_id: 'W-7', currency: 'EUR', value: 129.9, items: [{ item_id: 'SKU-1', price: 129.9 }] },
  });
  const entry = anEvent({ page: event.page });
  const purposes = ['audience', 'ads_measurement'];
  const stamps = [{ purposes, source: 'manual', at: new Date(Date.now() - 60_000).toISOString() }];
  await postEvents(program.collector, [event, entry], { stamps });
  const [row] = await program.rowsWhen(
    `SELECT * FROM events WHERE event_id = '${event.event_id}'`,
    (rows) => rows.length === 1,
  );
  expect(row).toMatchObject({
    event_id: event.event_id,
    site: 'shop',
    type: 'purchase',
    source: 'web',
    seq: 3,
    visitor_id: 'visitor-1',
    session_id: 's-1',
    path: '/done',
    title: 'Thank you',
    referrer_host: 'www.qwant.com',
    // What brought the visitor is told once, by the page view that it brought.
    utm_source: null,
    channel: null,
    order_id: 'W-7',
    amount_minor: 12990,
    currency: 'EUR',
    purposes,
    receipt_id: expect.stringMatching(/^[\w-]{22}$/),
  });
  expect(JSON.stringify(row)).not.toContain('secret');
  const brought = `SELECT utm_source, utm_medium, channel FROM events WHERE event_id = '${entry.event_id}'`;
  expect(await program.query(brought)).toEqual([{ utm_source: 'news', utm_medium: 'email', channel: 'Email' }]);
});

it('failed and filtered events are told apart, and counted', async () => {
  const sent = [anEvent({ type: 'Bad' }), anEvent({ stamp: 9 }), anEvent()];
  await postEvents(program.collector, sent);
  const [failed] = await program.rowsWhen('SELECT code, path FROM failed', (rows) => rows.length === 1);
  expect(failed).toEqual({ code: 'invalid_field', path: 'type' });
  expect(await program.query('SELECT type, code, count FROM filtered')).toEqual([
    { type: 'page_view', code: 'consent_missing', count: 1 },
  ]);
});

it('answers one SELECT and nothing else', async () => {
  for (const sql of [
    "SELECT * FROM read_text('/etc/passwd')",
    "COPY events TO '/tmp/parcours-escape.csv'",
    "ATTACH '/tmp/parcours-escape.db'",
    'INSTALL httpfs',
    "PRAGMA memory_limit='64GB'",
    'DELETE FROM events',
    'SELECT 1; DROP TABLE events',
  ]) {
    await expect(program.query(sql), sql).rejects.toThrow(/^(not_a_select|forbidden|invalid): /);
  }
});

it('tells nothing to a page elsewhere, nor to whoever has no secret', async () => {
  const response = await fetch(`${program.console}/v1/query`, { method: 'POST', body: '{"sql":"SELECT 1"}' });
  expect(response.status).toBe(401);
});

it('counts a funnel from the command line', async () => {
  const items = [{ item_id: 'SKU-1' }];
  const events = [
    ...Array.from({ length: 26 }, (_, n) => anEvent({ type: 'view_item', visitor_id: `f-${n}`, props: { items } })),
    ...Array.from({ length: 12 }, (_, n) => anEvent({ type: 'add_to_cart', visitor_id: `f-${n}`, props: { items } })),
  ].map((event, index) => ({ ...event, occurred_at: new Date(Date.now() - 10_000 + index).toISOString() }));
  await postEvents(program.collector, events);
  await program.rowsWhen(`SELECT 1 FROM events WHERE visitor_id LIKE 'f-%'`, (rows) => rows.length === 38);
  const table = await outputOf(['funnel', 'view_item', 'add_to_cart', 'purchase', '--data', program.data]);
  expect(
    table
      .split('\n')
      .slice(2, 5)
      .map((line) =>
        line
          .trim()
          .split(/\s{2,}/)
          .slice(0, 4),
      ),
  ).toEqual([
    ['view_item', '30', '100.0 %'],
    ['add_to_cart', '10', '33.3 %', '33.3 %'],
    ['purchase', 'under 10'],
  ]);
});

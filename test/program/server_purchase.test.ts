import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { ROOT, startChild } from '../support/child.ts';
import { until } from '../support/processes.ts';
import { type Program, startProgram } from '../support/program.ts';
import { runLines } from '../support/shell.ts';

const guide = readFileSync(join(ROOT, 'docs/server-events.md'), 'utf8');

let program: Program;
/** Made by the guide's own command. */
let secret: string;
let gateway: Server;
/** What stands between the shop's server and the collector, and lets no request through until it has refused one each way. */
let refusals: (readonly [status: number, retryAfter: string])[];

beforeAll(async () => {
  program = await startProgram({
    config: {
      sites: [
        { id: 'shop', keys: ['pk_demo'] },
        { id: 'other', keys: ['pk_other'] },
      ],
    },
  });
  const { output } = await runLines(block('secret'), program);
  [secret] = output.match(/sk_[\w-]{43}/) as [string];
  await until(isInForce, 'the key is in force');
  refusals = [];
  gateway = createServer((request, response) => {
    const refusal = refusals.shift();
    if (refusal) {
      response.writeHead(refusal[0], { 'retry-after': refusal[1] }).end();
      return;
    }
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      const { authorization = '', 'content-type': type = '' } = request.headers;
      const answer = await fetch(`${program.collector}${request.url}`, {
        method: 'POST',
        headers: { authorization, 'content-type': type, 'user-agent': 'shop-server (bot)' },
        body: Buffer.concat(parts),
      });
      response.writeHead(answer.status).end(await answer.text());
    });
  });
  gateway.listen(0, '127.0.0.1');
  await once(gateway, 'listening');
});
/** A decision is in force within a second. */
async function isInForce(): Promise<boolean> {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  return (await fetch(`${program.collector}/v1/validate`, { method: 'POST', headers, body: '{}' })).status !== 401;
}
afterAll(async () => {
  gateway.close();
  await program.stop();
});

/** A block of the guide, by the marker before it. */
function block(name: string): string {
  const [, text] = guide.match(new RegExp(`<!-- test: ${name} -->\\n+\`\`\`\\w+\\n(.*?)\\n\`\`\``, 's')) ?? [];
  if (text === undefined) throw new Error(`the guide has no block ${name}`);
  return text;
}

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

const anOrder = (id: string, value: number, more: object = {}) => ({
  id,
  value,
  currency: 'EUR',
  paidAt: ago(1),
  items: [{ item_id: 'SKU-1' }],
  consent: { purposes: ['audience'], at: ago(30) },
  ...more,
});

/** Runs the example as the shop's server would. */
async function confirm(order: object, key = secret) {
  const { port } = gateway.address() as AddressInfo;
  const child = startChild(process.execPath, ['examples/server-purchase/confirm.mjs', JSON.stringify(order)], {
    env: {
      ...process.env,
      COLLECTOR_URL: `http://127.0.0.1:${port}`,
      PARCOURS_SITE: 'shop',
      PARCOURS_SECRET_KEY: key,
    },
  });
  const { code } = await child.ended;
  return { code, output: child.output() };
}

it('counts an order of browser and server once, at the amount of the server', async () => {
  const purchase = (id: string, value: number) => ({
    transaction_id: id,
    currency: 'EUR',
    value,
    items: [{ item_id: 'SKU-1' }],
  });
  const step = (type: string, visitor_id: string, minutes: number, props?: Record<string, unknown>) =>
    anEvent({ type, visitor_id, occurred_at: ago(minutes), ...(props && { props }) });
  const items = { items: [{ item_id: 'SKU-1' }] };
  const walked = await postEvents(program.collector, [
    step('begin_checkout', 'told-by-both', 9, items),
    step('purchase', 'told-by-both', 8, purchase('W-1', 129.9)),
    step('begin_checkout', 'lost-on-the-way', 9, { ...items, transaction_id: 'W-2' }),
    step('begin_checkout', 'passed-on', 9, items),
    step('begin_checkout', 'gone', 9, items),
  ]);
  expect(walked.status).toBe(200);
  await postEvents(program.collector, [step('purchase', 'elsewhere', 8, purchase('W-1', 5))], {
    site: 'other',
    key: 'pk_other',
  });

  refusals = [
    [503, '0'],
    [429, '0'],
  ];
  expect(await confirm(anOrder('W-1', 119.9))).toEqual({ code: 0, output: 'W-1: accepted\n' });
  expect(refusals).toEqual([]);
  expect(await confirm(anOrder('W-1', 119.9))).toEqual({ code: 0, output: 'W-1: accepted\n' });
  expect(await confirm(anOrder('W-2', 20))).toMatchObject({ code: 0 });
  expect(await confirm(anOrder('W-3', 30, { visitorId: 'passed-on', paidAt: ago(2) }))).toMatchObject({ code: 0 });
  const refused = anOrder('W-4', 40, { consent: { purposes: [], at: ago(30) } });
  expect(await confirm(refused)).toEqual({ code: 0, output: 'W-4: filtered (consent_denied)\n' });

  const select = block('query').match(/"(.*)"/)?.[1] as string;
  const orders = await program.rowsWhen(`${select} ORDER BY site, order_id`, (rows) => rows.length === 4);
  expect(orders).toEqual([
    { order_id: 'W-1', amount_minor: 500, currency: 'EUR', confirmed: false, in_browser: true },
    { order_id: 'W-1', amount_minor: 11_990, currency: 'EUR', confirmed: true, in_browser: true },
    { order_id: 'W-2', amount_minor: 2000, currency: 'EUR', confirmed: true, in_browser: false },
    { order_id: 'W-3', amount_minor: 3000, currency: 'EUR', confirmed: true, in_browser: false },
  ]);
  const raw = `SELECT source, amount_minor, device, bot, visitor_id FROM events
    WHERE site = 'shop' AND order_id = 'W-1' ORDER BY source, amount_minor`;
  const told = { source: 'server', amount_minor: 11_990, device: null, bot: false, visitor_id: null };
  expect(await program.query(raw)).toEqual([
    told,
    told,
    { source: 'web', amount_minor: 12_990, device: 'mobile', bot: false, visitor_id: 'told-by-both' },
  ]);
});

it('takes the batch of the guide as it stands', async () => {
  const batch = JSON.parse(block('batch'));
  for (const stamp of batch.stamps) stamp.at = ago(30);
  for (const event of batch.events) event.occurred_at = ago(1);
  const response = await fetch(`${program.collector}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...batch, sent_at: new Date().toISOString() }),
  });
  expect(await response.json()).toMatchObject({ results: [{ status: 'accepted' }] });
});

it('gives up at once where the secret is wrong, and says why', async () => {
  const { code, output } = await confirm(anOrder('W-5', 1), `sk_${'x'.repeat(40)}`);
  expect(code).toBe(1);
  expect(output).toContain('unknown_secret');
  expect(program.output()).not.toContain('sk_');
});

import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aBatch, anEvent } from '../support/batch.ts';
import { until } from '../support/processes.ts';
import { type Program, startProgram } from '../support/program.ts';

let program: Program;
beforeAll(async () => {
  const shop = { id: 'shop', keys: ['pk_demo'], origins: [SHOP] };
  program = await startProgram({
    config: { logLevel: 'debug', trustProxy: 1, sites: [{ ...shop, rightsFromPages: ['export', 'erase'] }] },
  });
});
afterAll(() => program.stop());

/** What no line may hold, in whatever place of a request it stands. */
const CANARY = 'c4nary';
const ADDRESS = '203.0.113.77';
const SHOP = 'https://shop.example';

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One request with canaries in its query and every header that a log may be tempted by. Returns its id. */
function ask(origin: string, path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${origin}${path}`,
      {
        method,
        headers: {
          'user-agent': `${CANARY}-agent/1.0`,
          cookie: `pc_shop=${CANARY}.cookie; session=${CANARY}`,
          referer: `https://shop.example/${CANARY}`,
          'accept-language': `${CANARY}-lang`,
          'x-request-id': `${CANARY}-id`,
          'x-forwarded-for': ADDRESS,
          authorization: `Bearer ${CANARY}_secret_of_a_shop_that_is_long_enough`,
          [`x-${CANARY}`]: CANARY,
          ...headers,
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(String(response.headers['x-request-id'])));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const personal = {
  visitor_id: `${CANARY}-visitor`,
  session_id: `${CANARY}-session`,
  page: {
    url: `https://shop.example/${CANARY}?q=${CANARY}#${CANARY}`,
    title: CANARY,
    referrer: `https://${CANARY}.example/`,
  },
  keys: { order_id: `${CANARY}-order` },
  props: { note: `${CANARY}@example.com`, [`${CANARY}_key`]: CANARY },
};

/** What a page asks for its visitor, with a canary in each field; and the visitor's own forms, whole and in part. */
const choice = { purposes: ['audience'], source: 'manual', at: new Date().toISOString() };
const ownBodies = [
  { site: 'shop', key: 'pk_demo', visitor_id: `${CANARY}-visitor`, stamp: { ...choice, receipt: CANARY } },
  { site: 'shop', key: 'pk_demo', visitor_id: CANARY.repeat(50), stamp: CANARY, [CANARY]: CANARY },
  { site: CANARY, key: CANARY, visitor_id: CANARY, stamp: { ...choice, source: CANARY, at: CANARY } },
  { site: 'shop', key: CANARY },
  { site: 'shop', key: 'pk_demo', visitor_id: CANARY, stamp: { ...choice, receipt: 'A'.repeat(22), language: CANARY } },
].map((body) => JSON.stringify(body));
const FORMS = [
  `do=${CANARY}&site=shop&lang=${CANARY}`,
  `do=stop&site=${CANARY}`,
  `do=stop&site=shop&lang=en&${CANARY}=${CANARY}`,
  `do=erase&site=shop&stop=${CANARY}`,
];

/** A visitor whose id is a canary, with the receipt that was issued to it. */
async function proofOf(collector: string): Promise<object> {
  const body = JSON.stringify(aBatch([anEvent(personal)], { stamps: [choice] }));
  const sent = await fetch(`${collector}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body,
  });
  const { receipts } = (await sent.json()) as { receipts: string[] };
  return { visitor_id: personal.visitor_id, stamp: { ...choice, receipt: receipts[0] } };
}

it('no line and no metric holds what a request held, in any place, at any level', async () => {
  const { collector, console } = program;
  const json = { 'content-type': 'application/json' };
  const page = { ...json, origin: `https://${CANARY}.example`, authorization: '' };
  const batches = [
    aBatch([anEvent(personal), anEvent({ ...personal, type: `${CANARY} type` }), CANARY, { event_id: CANARY }]),
    aBatch([anEvent({ ...personal, stamp: 9 })], { dropped: [{ code: CANARY, count: 1 }] }),
    aBatch([anEvent(personal)], { key: `${CANARY}-key` }),
    aBatch([anEvent(personal)], { site: CANARY }),
    { [CANARY]: CANARY },
  ].map((batch) => JSON.stringify(batch));
  const ids: string[] = [];
  for (const path of ['/v1/events', '/v1/validate', `/v1/events?${CANARY}=${CANARY}`, '/v1/link']) {
    for (const body of [...batches, `{"${CANARY}`, `"${CANARY}"`]) {
      ids.push(await ask(collector, path, { method: 'POST', headers: json, body }));
      ids.push(await ask(collector, path, { method: 'POST', headers: page, body }));
    }
  }
  for (const path of ['/v1/export-mine', '/v1/erase-mine', `/v1/erase-mine?${CANARY}=${CANARY}`]) {
    for (const body of [...ownBodies, `{"${CANARY}`, `"${CANARY}"`]) {
      for (const origin of [SHOP, `https://${CANARY}.example`])
        ids.push(await ask(collector, path, { method: 'POST', headers: { ...json, origin, authorization: '' }, body }));
      ids.push(await ask(collector, path, { method: 'POST', headers: json, body }));
    }
  }
  const form = { 'content-type': 'application/x-www-form-urlencoded', authorization: '' };
  for (const path of ['/v1/rights', '/v1/rights/export']) {
    for (const body of FORMS) {
      for (const from of ['same-origin', CANARY])
        ids.push(await ask(collector, path, { method: 'POST', headers: { ...form, 'sec-fetch-site': from }, body }));
    }
  }
  for (const path of [
    `/v1/rights/${CANARY}`,
    `/v1/rights/shop?lang=${CANARY}&ask=${CANARY}`,
    '/v1/rights/shop?ask=erase',
  ])
    ids.push(await ask(collector, path));
  // Events of a page without Origin and Authorization, so that they are stored and loaded.
  const stored = JSON.stringify(aBatch([anEvent(personal), anEvent({ ...personal, type: 'Bad Name' })]));
  const response = await fetch(`${collector}/v1/events?${CANARY}`, { method: 'POST', headers: json, body: stored });
  expect(response.status).toBe(200);
  await program.rowsWhen('SELECT count(*) AS n FROM failed', ([row]) => Number(row?.n) > 0);
  // And somebody proven, whose id is a canary: what is held is given, then erased, what failed too.
  const proof = await proofOf(collector);
  await program.rowsWhen('SELECT count(*) AS n FROM events', ([row]) => Number(row?.n) > 0);
  for (const what of ['export', 'erase']) {
    const asked = { site: 'shop', key: 'pk_demo', ...proof, note: CANARY };
    const headers = { ...json, origin: SHOP, referer: `${SHOP}/${CANARY}` };
    const given = await fetch(`${collector}/v1/${what}-mine`, { method: 'POST', headers, body: JSON.stringify(asked) });
    expect([what, given.status]).toEqual([what, 200]);
    expect((await given.text()).includes(CANARY)).toBe(what === 'export');
  }
  for (const path of [`/${CANARY}`, `/p.js?${CANARY}`, `/v/${CANARY}/p.js`, `/healthz?${CANARY}`, `/metrics?${CANARY}`])
    ids.push(await ask(collector, path));

  const { admin } = JSON.parse(await readFile(`${program.data}/secrets.json`, 'utf8'));
  const operator = { authorization: `Bearer ${admin}`, ...json };
  for (const sql of [`SELECT '${CANARY}'`, `SELECT CAST('${CANARY}' AS INTEGER)`, `DROP TABLE ${CANARY}`, CANARY]) {
    const body = JSON.stringify({ sql });
    ids.push(await ask(console, '/v1/query', { method: 'POST', headers: operator, body }));
    ids.push(await ask(console, `/v1/query?${CANARY}`, { method: 'POST', headers: json, body }));
  }
  for (const path of [`/${CANARY}`, `/?${CANARY}`, `/v1/${CANARY}`, `/healthz?${CANARY}`])
    ids.push(await ask(console, path, { headers: operator }));
  ids.push(await ask(console, `/${CANARY}`, { headers: { host: `${CANARY}.example` } }));

  // Each is told once, under its own id.
  await until(() => ids.every((id) => program.output().includes(id)), 'every request has its line');
  expect(new Set(ids).size).toBe(ids.length);
  const metrics = await Promise.all([collector, console].map(async (o) => (await fetch(`${o}/metrics`)).text()));
  expect(metrics.every((text) => text.includes('parcours_build_info'))).toBe(true);
  for (const text of [program.output(), ...metrics]) {
    const told = text
      .split('\n')
      .filter((line) => line.includes(CANARY) || line.includes('203.0.113') || line.includes(admin));
    expect(told).toEqual([]);
  }
  const lines = program
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{"level"'))
    .map((line) => JSON.parse(line));
  expect(lines.filter(({ msg }) => msg === 'request').length).toBeGreaterThanOrEqual(ids.length);
  expect(new Set(lines.map(({ part }) => part))).toEqual(new Set(['program', 'collector', 'reader']));
});

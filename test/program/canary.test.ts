import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aBatch, anEvent } from '../support/batch.ts';
import { until } from '../support/processes.ts';
import { type Program, startProgram } from '../support/program.ts';

let program: Program;
beforeAll(async () => {
  program = await startProgram({ config: { logLevel: 'debug', trustProxy: 1 } });
});
afterAll(() => program.stop());

/** What no line may hold, in whatever place of a request it stands. */
const CANARY = 'c4nary';
const ADDRESS = '203.0.113.77';

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
  // Events of a page without Origin and Authorization, so that they are stored and loaded.
  const stored = JSON.stringify(aBatch([anEvent(personal), anEvent({ ...personal, type: 'Bad Name' })]));
  const response = await fetch(`${collector}/v1/events?${CANARY}`, { method: 'POST', headers: json, body: stored });
  expect(response.status).toBe(200);
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
  await program.rowsWhen('SELECT count(*) AS n FROM failed', ([row]) => Number(row?.n) > 0);

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

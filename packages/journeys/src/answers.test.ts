import { describedAnswers, operationsOf } from '@parcours/protocol/openapi/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consoleOpenApi } from './openapi.ts';
import { openConsole, postForm, type TestConsole } from './testing/open_console.ts';

/**
 * Every answer that the document describes is given here once, most of them by what the document itself says: the example of a
 * body, nobody where somebody is asked for. That each is as described, `openConsole` sees to.
 */

const seen: string[] = [];
let console: TestConsole;
beforeAll(async () => {
  console = await openConsole({ onAnswer: (name) => seen.push(name) });
});
afterAll(() => console.close());

const router = await openConsole();
const document = consoleOpenApi(router.app);
await router.close();
const operations = operationsOf(document);

type Ask = (asked: TestConsole) => Promise<Response>;
const get =
  (path: string, headers: Record<string, string> = {}): Ask =>
  ({ request }) =>
    request(path, { headers });
const wrong = postForm({ secret: 'secret-of-nobody' });

/** Asks while a file goes out, of which there may be one at a time. */
const whileBusy =
  (path: string, body: object): Ask =>
  async ({ request }) => {
    const post = (to: string, what: object) =>
      request(to, {
        method: 'POST',
        headers: { authorization: 'Bearer secret-of-admin', 'content-type': 'application/json' },
        body: JSON.stringify(what),
      });
    const outgoing = await post('/v1/snapshot', {});
    const refused = await post(path, body);
    await outgoing.body?.cancel();
    return refused;
  };

/** A console that holds one customer, and an e-mail that more browsers tell than one person has. */
const ofSubjects =
  (what: string, body: object): Ask =>
  async () => {
    const asked = await openConsole({ onAnswer: (name) => seen.push(name) });
    const visitors = Array.from({ length: 1_001 }, (_, n) => ({ visitor_id: `v-${n}`, keys: { email_hmac: 'many' } }));
    const event = { type: 'page_view', occurred_at: '2026-11-20T10:00:00.000Z', stamp: 0 };
    const record = {
      ...{ v: 1, kind: 'batch', site: 'shop-fr', source: 'web', sdk: '1', client: { bot: false } },
      ...{ received_at: '2026-11-20T10:00:00.000Z', sent_at: '2026-11-20T10:00:00.000Z' },
      stamps: [{ purposes: ['audience'], source: 'manual', at: '2026-11-20T10:00:00.000Z' }],
      events: [{ keys: { customer_id: 'C-1042' } }, ...visitors].map((told, n) => ({
        ...{ ...event, ...told },
        event_id: `019aa1c0-0000-7000-8000-${String(n).padStart(12, '0')}`,
      })),
    };
    const bytes = Buffer.from(JSON.stringify(record));
    await asked.engine.load({ log: 'c', segment: 1, endOffset: bytes.length + 10, records: [bytes], offsets: [0] });
    const headers = { authorization: 'Bearer secret-of-admin', 'content-type': 'application/json' };
    const answer = await asked.request(`/v1/subjects/${what}`, { method: 'POST', headers, body: JSON.stringify(body) });
    // Read before what it is made of is closed.
    const whole = new Response(await answer.arrayBuffer(), answer);
    await asked.close();
    return whole;
  };

const SUBJECTS: Readonly<Record<string, Ask>> = Object.fromEntries(
  ['find', 'export', 'erase'].flatMap((what) => [
    [`${what}Subject 200`, ofSubjects(what, { by: 'customer_id', value: 'C-1042' })],
    [`${what}Subject 404`, ofSubjects(what, { by: 'customer_id', value: 'C-9' })],
    [`${what}Subject 409`, ofSubjects(what, { by: 'email', value: 'many' })],
  ]),
);

/** What the document does not say how to ask for. */
const ASKED: Readonly<Record<string, Ask>> = {
  'showLogin 302': async (asked) => get('/login', { cookie: await asked.signIn('admin') })(asked),
  'showLogin 303': get('/login?once=used'),
  'showLogin 503': get('/login?once=later', { 'sec-purpose': 'prefetch' }),
  'signIn 303': ({ request }) => request('/login', postForm({ secret: 'secret-of-admin' })),
  'signIn 413': ({ request }) => request('/login', postForm({ secret: 'x'.repeat(20_000) })),
  'lookUpReceipts 413': ({ request }) =>
    request('/privacy', postForm({ value: 'x'.repeat(20_000) }, { authorization: 'Bearer secret-of-privacy' })),
  'signIn 429': async ({ request }) => {
    for (let guess = 0; guess < 10; guess++) await request('/login', wrong);
    return request('/login', wrong);
  },
  'signOut 303': ({ request }) => request('/logout', postForm({})),
  'getMetrics 404': async () => {
    const metrics = { text: async () => '', mayRead: () => false };
    const closed = await openConsole({ metrics, onAnswer: (name) => seen.push(name) });
    const answer = await closed.request('/metrics');
    await closed.close();
    return answer;
  },
  'getLiveFunnel 500': async () => {
    const broken = await openConsole({ onAnswer: (name) => seen.push(name) });
    await broken.engine.close();
    const answer = await get('/live/funnel', { authorization: 'Bearer secret-of-admin' })(broken);
    await broken.close();
    return answer;
  },
  'exportRows 409': whileBusy('/v1/export', { table: 'orders', format: 'csv' }),
  'takeSnapshot 409': whileBusy('/v1/snapshot', {}),
  ...SUBJECTS,
  'elsewhere 404': get('/nowhere'),
  'elsewhere 403': get('/nowhere', { host: 'evil.example' }),
};

/** Described, and given by no request here. */
const NOT_ASKED: readonly (readonly [answers: RegExp, reason: string])[] = [
  [/^(?!getLiveFunnel ).* 500$/, 'a defect: one route shows it, by tables that are gone'],
  [/ 507$/, 'a full disk is not made here'],
];

/** How an answer is asked for where the document says enough: what it names, or what it refuses. */
function byDocument(answer: string): Ask | undefined {
  const [id, status] = answer.split(' ');
  const found = operations.find(({ operation }) => operation.operationId === id);
  if (!found) return undefined;
  const { method, path, operation } = found;
  const content = operation.requestBody?.content['application/json'];
  const [example] = Object.values(content?.examples ?? {});
  const as = (headers: Record<string, string>, body = JSON.stringify(example?.value)): Ask => {
    const sent = content ? { body, headers: { ...headers, 'content-type': 'application/json' } } : { headers };
    return ({ request }) => request(path, { method, ...sent });
  };
  const admin = { authorization: 'Bearer secret-of-admin' };
  if (status === '200') return as(operation['x-roles'] ? admin : {});
  if (status === '400' && content) return as(admin, '{');
  if (status === '403') return as({ ...admin, host: 'evil.example' });
  if (operation['x-roles'] && (status === '401' || status === '302')) return as({});
  return undefined;
}

const described = [...describedAnswers(document), 'elsewhere 404', 'elsewhere 403'];
const isLeftOut = (answer: string): boolean => NOT_ASKED.some(([those]) => those.test(answer));

it.each(described.filter((answer) => !isLeftOut(answer)))('%s', async (name) => {
  const ask = ASKED[name] ?? byDocument(name);
  if (!ask) throw new Error(`${name} is described, and nothing here asks for it: give it a request, or a reason`);
  seen.length = 0;
  const answer = await ask(console);
  // A stream would go on.
  await answer.body?.cancel();
  expect(seen.at(-1)).toBe(name);
});

it('asks for no answer that is not described', () => {
  expect(Object.keys(ASKED).filter((answer) => !(described as string[]).includes(answer))).toEqual([]);
});

import { describedAnswers } from '@parcours/protocol/openapi/testing';
import { diskFiles, LogError } from '@parcours/store/log';
import { afterEach, describe, expect, it } from 'vitest';
import { collectorOpenApi } from './openapi.ts';
import { TablesUnavailable } from './rights/options.ts';
import { type OpenedCollector, openCollector, type Way } from './testing/open_collector.ts';

/**
 * Every answer that the document describes is given here once: a status that no request can produce should not be promised.
 * That each is as described, `openCollector` sees to.
 */

const ORIGIN = 'https://shop.example';
const SECRET = 'sk_0123456789abcdef0123456789abcdef';
const SCRIPTS = [{ version: '1.0.0', file: 'p.js', bytes: new TextEncoder().encode('x()') }];
const VISITOR = '019aa1c0-0000-7000-8000-00000000000a';

type Options = Parameters<typeof openCollector>[1];
type Ask = (opened: OpenedCollector) => Promise<unknown>;

const batch = (more: object = {}): string => {
  const at = new Date().toISOString();
  const stamps = [{ purposes: ['audience'], source: 'manual', at }];
  const event = { event_id: '019aa1c0-0000-7000-8000-000000000001', type: 'page_view', occurred_at: at, stamp: 0 };
  const page = { url: 'https://shop.example/boots' };
  return JSON.stringify({
    v: 1,
    site: 'shop',
    key: 'pk_demo',
    sdk: '1',
    sent_at: at,
    stamps,
    events: [{ ...event, visitor_id: VISITOR, page }],
    ...more,
  });
};
const sentTo =
  (path: string, body: string, headers: Record<string, string> = {}, times = 1): Ask =>
  ({ request }) =>
    Promise.all(
      Array.from({ length: times }, () =>
        request(path, { method: 'POST', body, headers: { 'content-type': 'text/plain', origin: ORIGIN, ...headers } }),
      ),
    );
const got =
  (path: string, headers: Record<string, string> = {}): Ask =>
  ({ request }) =>
    request(path, { headers });
const known =
  (path: string): Ask =>
  async ({ request }) =>
    request(path, { headers: { 'if-none-match': (await request(path)).headers.get('etag') as string } });

const full = { ...diskFiles, create: () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' })) };
/** A clock that fails, as nothing else here can be made to by a request. */
const broken: Options = {
  now: () => {
    throw new Error('no time');
  },
};
const slow: Options = { rateLimits: { perAddress: 1 } };

/** What any address with a body answers, whatever it is for. */
const withBody = (id: string, path: string, body: string): Record<string, [Ask, Options?]> => ({
  [`${id} 400`]: [sentTo(path, '{')],
  [`${id} 401`]: [sentTo(path, body, { origin: 'https://evil.example' })],
  [`${id} 403`]: [sentTo(path, body, { authorization: `Bearer ${SECRET}` })],
  [`${id} 413`]: [sentTo(path, 'x'.repeat(600_000))],
  [`${id} 415`]: [sentTo(path, body, { 'content-type': 'image/png' })],
  [`${id} 429`]: [sentTo(path, body, {}, 6), slow],
  [`${id} 500`]: [sentTo(path, body), broken],
});
const preflight = (id: string, path: string): Record<string, [Ask]> => ({
  [`${id} 204`]: [({ request }) => request(path, { method: 'OPTIONS', headers: { origin: ORIGIN } })],
  [`${id} 401`]: [({ request }) => request(path, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } })],
});
const file = (id: string, path: string): Record<string, [Ask]> => ({
  [`${id} 200`]: [got(path)],
  [`${id} 304`]: [known(path)],
});

/** A form of the page of rights. */
const form =
  (path: string, body: string, headers: Record<string, string> = {}, times = 1): Ask =>
  ({ request }) =>
    Promise.all(
      Array.from({ length: times }, () =>
        request(path, {
          method: 'POST',
          body,
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            'sec-fetch-site': 'same-origin',
            ...headers,
          },
        }),
      ),
    );
/** The same, of a visitor. */
const ownForm =
  (path: string, body: string): Ask =>
  async (opened) => {
    const sent = batch({ visitor_id: VISITOR });
    const events = { method: 'POST', body: sent, headers: { 'content-type': 'text/plain', origin: ORIGIN } };
    const [issued] = (await opened.request('/v1/events', events)).headers.getSetCookie();
    return form(path, body, { cookie: issued?.split(';')[0] as string })(opened);
  };
const withForm = (id: string, path: string, body: string): Record<string, [Ask, Options?]> => ({
  [`${id} 401`]: [form(path, body, { 'sec-fetch-site': 'cross-site' })],
  [`${id} 404`]: [form(path, 'site=other')],
  [`${id} 413`]: [form(path, 'x'.repeat(600_000))],
  [`${id} 429`]: [form(path, body, {}, 6), slow],
});
const noDisk: Options = {
  consent: { recordWithdrawal: () => Promise.reject(new LogError('unavailable', 'no space')) },
};
const held: Options = { rights: { exportVisitor: async () => (async function* () {})() } };
const away: Options = { rights: { exportVisitor: () => Promise.reject(new TablesUnavailable()) } };

const OWN = JSON.stringify({ site: 'shop', key: 'pk_demo' });
/** A request of a visitor, by the cookie. */
const ofVisitor =
  (path: string): Ask =>
  async (opened) => {
    const events = {
      method: 'POST',
      body: batch({ visitor_id: VISITOR }),
      headers: { 'content-type': 'text/plain', origin: ORIGIN },
    };
    const [issued] = (await opened.request('/v1/events', events)).headers.getSetCookie();
    return sentTo(path, OWN, { cookie: issued?.split(';')[0] as string })(opened);
  };
const fails = (): Promise<never> => Promise.reject(new Error('a defect'));
const erasing: Options = { rights: { recordErasure: async () => undefined } };
const erasesNot: Options = {
  rights: { recordErasure: () => Promise.reject(new LogError('unavailable', 'no space')) },
};

const LINK = JSON.stringify({ visitor_id: VISITOR });
const ASKED: Readonly<Record<string, [Ask, Options?]>> = {
  'sendEvents 200': [sentTo('/v1/events', batch())],
  ...withBody('sendEvents', '/v1/events', batch()),
  'sendEvents 503': [sentTo('/v1/events', batch()), { logOptions: { files: full } }],
  ...preflight('askToSendEvents', '/v1/events'),
  'validateEvents 200': [sentTo('/v1/validate', batch())],
  ...withBody('validateEvents', '/v1/validate', batch()),
  ...preflight('askToValidate', '/v1/validate'),
  'issueLinkToken 200': [sentTo('/v1/link', LINK)],
  'issueLinkToken 204': [sentTo('/v1/link', JSON.stringify({ visitor_id: '01000000-0000-7000-8000-00000000000a' }))],
  ...withBody('issueLinkToken', '/v1/link', LINK),
  ...preflight('askToIssueLinkToken', '/v1/link'),
  ...file('getPolicy', '/v1/policy/shop'),
  'getPolicy 404': [got('/v1/policy/other')],
  'showRights 200': [got('/v1/rights/shop')],
  'showRights 404': [got('/v1/rights/other')],
  'showRights 429': [({ request }) => Promise.all(Array.from({ length: 6 }, () => request('/v1/rights/shop'))), slow],
  'askRights 200': [form('/v1/rights', 'site=shop&do=stop')],
  ...withForm('askRights', '/v1/rights', 'site=shop&do=stop'),
  'askRights 503': [ownForm('/v1/rights', 'site=shop&do=stop'), noDisk],
  'exportRights 200': [form('/v1/rights/export', 'site=shop'), held],
  ...withForm('exportRights', '/v1/rights/export', 'site=shop'),
  'exportRights 503': [ownForm('/v1/rights/export', 'site=shop'), away],
  'exportMine 200': [ofVisitor('/v1/export-mine'), held],
  ...withBody('exportMine', '/v1/export-mine', OWN),
  'exportMine 500': [ofVisitor('/v1/export-mine'), { rights: { exportVisitor: fails } }],
  'exportMine 403': [
    ofVisitor('/v1/export-mine'),
    { ...held, sites: [{ id: 'shop', keys: ['pk_demo'], origins: [ORIGIN] }] },
  ],
  'exportMine 404': [ofVisitor('/v1/export-mine')],
  'exportMine 503': [ofVisitor('/v1/export-mine'), away],
  ...preflight('askToExportMine', '/v1/export-mine'),
  'eraseMine 200': [ofVisitor('/v1/erase-mine'), erasing],
  ...withBody('eraseMine', '/v1/erase-mine', OWN),
  'eraseMine 500': [ofVisitor('/v1/erase-mine'), { rights: { recordErasure: fails } }],
  'eraseMine 403': [
    ofVisitor('/v1/erase-mine'),
    { ...erasing, sites: [{ id: 'shop', keys: ['pk_demo'], origins: [ORIGIN] }] },
  ],
  'eraseMine 404': [ofVisitor('/v1/erase-mine')],
  'eraseMine 503': [ofVisitor('/v1/erase-mine'), erasesNot],
  ...preflight('askToEraseMine', '/v1/erase-mine'),
  'askForPolicy 204': [({ request }) => request('/v1/policy/shop', { method: 'OPTIONS', headers: { origin: ORIGIN } })],
  'getHealth 200': [got('/healthz')],
  'getReadiness 200': [got('/readyz')],
  'getReadiness 503': [got('/readyz'), { logOptions: { files: full } }],
  'getMetrics 200': [got('/metrics')],
  'getMetrics 404': [got('/metrics', { 'x-forwarded-for': '203.0.113.1' })],
  ...file('getScript', '/p.js'),
  'getScript 404': [got('/p.gone.js')],
  ...file('getScriptOfVersion', '/v/1.0.0/p.js'),
  'getScriptOfVersion 404': [got('/v/0.9.0/p.js')],
  ...file('getIntegrity', '/v/integrity.json'),
  ...file('getIntegrityOfVersion', '/v/1.0.0/integrity.json'),
  'getIntegrityOfVersion 404': [got('/v/0.9.0/integrity.json')],
  ...file('getOpenApi', '/openapi.json'),
  'elsewhere 404': [got('/nowhere')],
  'elsewhere 405': [got('/v1/events')],
};

/** Described, and given by no request here. */
const NOT_ASKED: readonly (readonly [answers: RegExp, reason: string])[] = [
  [
    / 500$/,
    'a defect: whatever takes a body shows it by a clock that fails, the other routes have nothing that can fail',
  ],
  [/ 408$/, 'the sender is gone before the answer: node.test.ts sees that nothing of it is stored'],
];

const open = (way: Way, options: Options, onAnswer?: (seen: string) => void): Promise<OpenedCollector> =>
  openCollector(way, {
    sites: [
      {
        ...{ id: 'shop', keys: ['pk_demo'], secretKeys: [SECRET], origins: [ORIGIN] },
        rightsFromPages: ['export', 'erase'],
      },
    ],
    scripts: SCRIPTS,
    ...options,
    ...(onAnswer && { onAnswer }),
  });

let opened: OpenedCollector | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

describe.each<Way>(['hono', 'node'])('through %s', (way) => {
  it.each(Object.entries(ASKED))('%s', async (answer, [ask, options]) => {
    const seen: string[] = [];
    opened = await open(way, options, (name) => seen.push(name));
    await ask(opened);
    expect(seen).toContain(answer);
  });
});

it('leaves out no answer without a reason, and asks for none that is not described', async () => {
  opened = await open('hono', {});
  const described = [...describedAnswers(collectorOpenApi(opened.collector)), 'elsewhere 404', 'elsewhere 405'];
  const unasked = described.filter((answer) => !(answer in ASKED) && !NOT_ASKED.some(([those]) => those.test(answer)));
  expect(unasked).toEqual([]);
  expect(Object.keys(ASKED).filter((answer) => !(described as string[]).includes(answer))).toEqual([]);
});

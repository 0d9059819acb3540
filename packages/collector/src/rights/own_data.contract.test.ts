import type { ConsentStamp } from '@parcours/protocol';
import { RECEIVED_AT } from '@parcours/protocol/corpus';
import { erasedHash } from '@parcours/store/control';
import { LogError } from '@parcours/store/log';
import { subjectOf } from '@parcours/store/receipts';
import { afterEach, describe, expect, it } from 'vitest';
import { aBatch, anEvent, aStamp, receiptOf, send, VISITOR } from '../testing/consent_batch.ts';
import { type OpenedCollector, openCollector, type Way } from '../testing/open_collector.ts';
import { TablesUnavailable, type VisitorAudit, type VisitorErasure, type VisitorExport } from './options.ts';

const RECEIPT_KEY = Buffer.alloc(32, 9);
const ORIGIN = 'https://shop.example';
const CHOICE = aStamp(['audience', 'crm_join']);
const OTHER = '019aa1c0-bbbb-7000-8000-000000000002';
const WHATS = ['export', 'erase'] as const;
const SITES = [
  {
    ...{ id: 'shop', keys: ['pk_demo'], origins: [ORIGIN], cookieDomains: ['shop.example'] },
    rightsFromPages: [...WHATS],
  },
  { id: 'other', keys: ['pk_other'], origins: ['https://other.example'], rightsFromPages: [...WHATS] },
];

const notFor = (what: string): string =>
  `pages of this site may not ask to ${what}: name "${what}" in its setting rightsFromPages, or link to the visitor's own page, /v1/rights/shop`;
const NOT_FOR = { export: notFor('export'), erase: notFor('erase') };

describe.each<Way>(['hono', 'node'])('what a page asks for its visitor, through %s', (way) => {
  let opened: OpenedCollector;
  let erasures: VisitorErasure[];
  let exported: Omit<VisitorExport, 'signal'>[];
  let audited: VisitorAudit[];
  const open = async (options: Parameters<typeof openCollector>[1] = {}): Promise<void> => {
    [erasures, exported, audited] = [[], [], []];
    opened = await openCollector(way, {
      now: () => RECEIVED_AT,
      sites: SITES,
      ...options,
      consent: {
        receiptKey: RECEIPT_KEY,
        isErased: (site, hash) => erasures.some((one) => one.site === site && one.hashes.includes(hash)),
        hasErased: () => erasures.length > 0,
        ...options.consent,
      },
      rights: {
        audit: async (entry) => audited.push(entry),
        recordErasure: async (erasure) => erasures.push(erasure),
        async exportVisitor({ site, visitorId }) {
          exported.push({ site, visitorId });
          return (async function* () {
            yield Buffer.from('{"events":');
            yield Buffer.from('[]}');
          })();
        },
        ...options.rights,
      },
    });
  };
  afterEach(() => opened?.close());

  const ask = async (
    what: (typeof WHATS)[number],
    body: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const response = await opened.request(`/v1/${what}-mine`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', origin: ORIGIN, ...headers },
      body: JSON.stringify({ site: 'shop', key: 'pk_demo', ...body }),
    });
    return {
      status: response.status,
      headers: response.headers,
      json: await response.json(),
      cookies: response.headers.getSetCookie(),
    };
  };
  const cookieOf = async (more: Parameters<typeof aBatch>[2] = {}): Promise<string> => {
    const { cookies } = await send(
      opened,
      aBatch([CHOICE], [anEvent({ visitor_id: more?.visitor_id as never })], more),
    );
    return cookies[0]?.split(';')[0] as string;
  };
  const proof = async (): Promise<{ visitor_id: string; stamp: ConsentStamp }> => {
    const receipt = await receiptOf(opened, CHOICE);
    return { visitor_id: VISITOR, stamp: { ...CHOICE, receipt } };
  };
  const nothingDone = () => expect([erasures, exported, audited]).toEqual([[], [], []]);

  it.each([
    ['the signed cookie', async () => [{}, { cookie: await cookieOf({ visitor_id: VISITOR }) }] as const],
    ['the receipt, where the cookie does not travel', async () => [await proof(), {}] as const],
  ])('is given by %s', async (_, proven) => {
    await open();
    const [body, headers] = await proven();
    const taken = await ask('export', body, headers);
    expect([taken.status, taken.json, exported]).toEqual([200, { events: [] }, [{ site: 'shop', visitorId: VISITOR }]]);
    expect(Object.fromEntries(taken.headers)).toMatchObject({
      'cache-control': 'no-store',
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
    });
    const { status, json, cookies } = await ask('erase', body, headers);
    expect([status, json]).toEqual([200, { log_gone_by: '2026-11-30' }]);
    expect(cookies).toEqual([
      'pc_shop=; Max-Age=0; HttpOnly; Secure; SameSite=Lax',
      'pc_shop=; Max-Age=0; Domain=shop.example; HttpOnly; Secure; SameSite=Lax',
    ]);
    const hashes = [erasedHash(RECEIPT_KEY, { kind: 'visitor', value: VISITOR })];
    expect(erasures).toEqual([{ site: 'shop', hashes }]);
    const subject = subjectOf(RECEIPT_KEY, 'shop', VISITOR);
    expect(audited).toEqual([
      { action: 'subject_exported', site: 'shop', subject },
      { action: 'subject_erased', site: 'shop', subject, logGoneBy: '2026-11-30' },
    ]);
    expect((await send(opened, aBatch([CHOICE], [anEvent()]))).results).toMatchObject([
      { status: 'filtered', code: 'subject_erased' },
    ]);
    // An answer that was lost is asked for again; of whoever was erased nothing is handed out.
    expect((await ask('erase', body, headers)).status).toBe(200);
    expect([erasures.length, audited.length]).toEqual([1, 2]);
    expect((await ask('export', body, headers)).json).toMatchObject({ error: { code: 'not_proven' } });
  });

  it.each<[readonly (typeof WHATS)[number][] | undefined]>([[undefined], [[]], [['export']], [['erase']]])(
    'is for pages what the settings of the site name, and else no proof helps: %j',
    async (rightsFromPages) => {
      await open({ sites: [{ ...SITES[0]!, rightsFromPages: rightsFromPages && [...rightsFromPages] }] });
      const cookie = await cookieOf({ visitor_id: VISITOR });
      const own = await proof();
      for (const what of WHATS) {
        const { status, json, headers, cookies } = await ask(what, own, { cookie });
        if (rightsFromPages?.includes(what)) expect(status).toBe(200);
        else {
          expect([status, json, cookies]).toEqual([
            403,
            { error: { code: 'not_for_pages', message: NOT_FOR[what] } },
            [],
          ]);
          expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
        }
      }
      expect([erasures.length > 0, exported.length > 0]).toEqual([
        rightsFromPages?.includes('erase') ?? false,
        rightsFromPages?.includes('export') ?? false,
      ]);
    },
  );

  it('covers both ids where cookie and page know different ones', async () => {
    await open();
    const cookie = await cookieOf({ visitor_id: OTHER });
    await ask('erase', await proof(), { cookie });
    const hashOf = (value: string) => erasedHash(RECEIPT_KEY, { kind: 'visitor', value });
    expect(erasures).toEqual([{ site: 'shop', hashes: [hashOf(OTHER), hashOf(VISITOR)] }]);
  });

  it.each<[string, (own: Awaited<ReturnType<typeof proof>>) => object | Promise<object>]>([
    ['nothing', () => ({})],
    ['an id alone', ({ visitor_id }) => ({ visitor_id })],
    ['a receipt without an id', ({ stamp }) => ({ stamp })],
    ['a choice without its receipt', (own) => ({ ...own, stamp: CHOICE })],
    ['a receipt that somebody made up', (own) => ({ ...own, stamp: { ...own.stamp, receipt: 'A'.repeat(22) } })],
    ['a receipt of another length', (own) => ({ ...own, stamp: { ...own.stamp, receipt: `${own.stamp.receipt}A` } })],
    ['the receipt of another visitor', (own) => ({ ...own, visitor_id: OTHER })],
    ['the receipt of another choice', (own) => ({ ...own, stamp: { ...own.stamp, purposes: ['audience'] } })],
  ])('is refused with %s, and nothing is done', async (_, change) => {
    await open();
    const body = (await change(await proof())) as Record<string, unknown>;
    for (const what of WHATS) {
      const { status, json, cookies } = await ask(what, body);
      expect([what, status, json]).toMatchObject([what, 401, { error: { code: 'not_proven' } }]);
      expect(cookies).toEqual([]);
    }
    nothingDone();
  });

  it('is refused with the receipt or the cookie of another site', async () => {
    await open();
    const own = await proof();
    const cookie = await cookieOf({ visitor_id: VISITOR });
    const there = { site: 'other', key: 'pk_other' };
    for (const what of WHATS) {
      const { status, json } = await ask(what, { ...own, ...there }, { origin: 'https://other.example', cookie });
      expect([status, json]).toMatchObject([401, { error: { code: 'not_proven' } }]);
      const renamed = cookie.replace('pc_shop=', 'pc_other=');
      expect((await ask(what, there, { origin: 'https://other.example', cookie: renamed })).status).toBe(401);
    }
    nothingDone();
  });

  it.each([
    ['a page of nobody', { origin: 'https://evil.example' }, {}, 'origin_not_allowed'],
    ['a page of another site', { origin: 'https://other.example' }, {}, 'origin_not_allowed'],
    ['a sandboxed frame', { origin: 'null' }, {}, 'origin_not_allowed'],
    ['a wrong key', {}, { key: 'pk_wrong' }, 'unknown_key'],
  ])('is refused to %s, whatever it proves', async (_, headers, more, code) => {
    await open();
    const body = await proof();
    const cookie = await cookieOf({ visitor_id: VISITOR });
    for (const what of WHATS) {
      const answer = await ask(what, { ...body, ...more }, { cookie, ...headers });
      expect([answer.status, answer.json]).toMatchObject([401, { error: { code } }]);
      expect(answer.cookies).toEqual([]);
    }
    nothingDone();
  });

  it('is refused without an origin: a server has no visitor', async () => {
    await open();
    const body = JSON.stringify({ site: 'shop', key: 'pk_demo', ...(await proof()) });
    for (const what of WHATS) {
      const headers = { 'content-type': 'text/plain' };
      const response = await opened.request(`/v1/${what}-mine`, { method: 'POST', headers, body });
      expect([response.status, response.headers.get('x-error-code')]).toEqual([401, 'origin_not_allowed']);
    }
    nothingDone();
  });

  it('says which field is wrong', async () => {
    await open();
    const { status, json } = await ask('export', { visitor_id: VISITOR, stamp: { purposes: 'all' } });
    expect([status, json]).toMatchObject([400, { error: { code: 'bad_batch' } }]);
    expect((json as { error: { message: string } }).error.message).toMatch(/^stamp\.purposes: /);
  });

  it('is done no more often than the page allows, and says when to come again', async () => {
    await open({ rateLimits: { perAddress: 20 } });
    const body = await proof();
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('export', body)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(2);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused[0]?.headers.get('access-control-expose-headers')).toBe('retry-after');
  });

  it('promises nothing that cannot be done now', async () => {
    const full = new LogError('unavailable', 'no space');
    await open({
      rights: {
        recordErasure: () => Promise.reject(full),
        exportVisitor: () => Promise.reject(new TablesUnavailable()),
      },
    });
    const body = await proof();
    const erased = await ask('erase', body);
    expect([erased.status, erased.json, erased.cookies]).toMatchObject([
      503,
      { error: { code: 'store_unavailable' } },
      [],
    ]);
    const taken = await ask('export', body);
    expect([taken.status, taken.json]).toMatchObject([503, { error: { code: 'tables_unavailable' } }]);
    expect(taken.headers.get('retry-after')).toBe('30');
    nothingDone();
  });

  it('is not there where it is not offered', async () => {
    await open({ rights: { recordErasure: undefined, exportVisitor: undefined } as never });
    const body = await proof();
    for (const what of WHATS) expect((await ask(what, body)).status).toBe(404);
  });

  it('lies beside a path of your own, where the cookie is sent too', async () => {
    await open({ endpointPath: '/shop/in' });
    const response = await opened.request('/shop/erase-mine', {
      method: 'POST',
      headers: { 'content-type': 'text/plain', origin: ORIGIN },
      body: JSON.stringify({ site: 'shop', key: 'pk_demo', ...(await proof()) }),
    });
    expect(response.status).toBe(200);
  });
});

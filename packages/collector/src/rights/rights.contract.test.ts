import { RECEIVED_AT } from '@parcours/protocol/corpus';
import { erasedHash } from '@parcours/store/control';
import { LogError } from '@parcours/store/log';
import { createMemoryReceipts, subjectOf } from '@parcours/store/receipts';
import { afterEach, describe, expect, it } from 'vitest';
import type { NewWithdrawal } from '../consent/withdrawals.ts';
import { aBatch, anEvent, aStamp, send, VISITOR } from '../testing/consent_batch.ts';
import { type OpenedCollector, openCollector, type Way } from '../testing/open_collector.ts';
import { TablesUnavailable, type VisitorAudit } from './options.ts';

const ALL = aStamp(['audience', 'crm_join']);
const RECEIPT_KEY = Buffer.alloc(32, 9);
const SUBJECT = subjectOf(RECEIPT_KEY, 'shop', VISITOR);

describe.each<Way>(['hono', 'node'])('the page of rights, through %s', (way) => {
  let opened: OpenedCollector;
  let audited: VisitorAudit[];
  const open = async (options: Parameters<typeof openCollector>[1] = {}): Promise<OpenedCollector> => {
    audited = [];
    const audit = async (entry: VisitorAudit) => audited.push(entry);
    opened = await openCollector(way, {
      now: () => RECEIVED_AT,
      ...options,
      consent: { receiptKey: RECEIPT_KEY, ...options.consent },
      rights: { audit, ...options.rights },
    });
    return opened;
  };
  afterEach(() => opened?.close());

  /** A visitor as the collector knows one: by the cookie that an accepted event brings. */
  const visit = async (): Promise<string> => {
    const { cookies } = await send(opened, aBatch([ALL], [anEvent()]));
    return cookies[0]?.split(';')[0] as string;
  };
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await opened.request(path, { headers });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const post = async (
    fields: Record<string, string>,
    headers: Record<string, string> = {},
    path = '/v1/rights',
  ): Promise<{ status: number; headers: Headers; text: string; cookies: string[] }> => {
    const response = await opened.request(path, {
      method: 'POST',
      body: new URLSearchParams({ site: 'shop', ...fields }).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
    });
    const { status } = response;
    return { status, headers: response.headers, text: await response.text(), cookies: response.headers.getSetCookie() };
  };

  it('says whether the browser is known, in the language that is asked for', async () => {
    await open();
    const cookie = await visit();
    const english = await get('/v1/rights/shop', { cookie });
    expect(english.text).toContain('<html lang="en">');
    expect(english.text).toContain('known since 20 November 2025');
    const french = await get('/v1/rights/shop?lang=fr', { cookie, 'accept-language': 'en' });
    expect(french.text).toContain('<html lang="fr">');
    expect(french.text).toContain('connu depuis le 20 novembre 2025');
    expect((await get('/v1/rights/shop', { 'accept-language': 'de, fr-CA;q=0.8, en;q=0.5' })).text).toContain(
      'Ce navigateur n’est pas connu',
    );
    expect((await get('/v1/rights/shop?lang=de')).text).toContain('This browser is not known');
    for (const { text } of [english, french]) expect(text).not.toContain(VISITOR);
  });

  it('runs nothing, loads nothing, stands in no frame and rests in no cache', async () => {
    await open();
    const { text, headers } = await get('/v1/rights/shop');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(headers.get('cache-control')).toBe('no-store');
    // Without the origin of its own forms nothing could be told from a post of another site.
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(text).not.toMatch(/<script|style=|\son\w+=|https?:/);
    expect(headers.getSetCookie()).toEqual([]);
  });

  it.each([
    ['no cookie', () => ''],
    ['a cookie that somebody made up', (own: string) => own.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['the cookie of another site', (own: string) => own.replace('pc_shop=', 'pc_other=')],
    ['the value of another site', (own: string) => `pc_shop=${own.split('=')[1]}`, 'other'],
  ])('is nobody’s with %s: nothing is withdrawn, told or held to be known', async (_, change, site = 'shop') => {
    const told: NewWithdrawal[] = [];
    const ids = ['shop', 'other'];
    await open({
      sites: ids.map((id) => ({ id, keys: ['pk_demo'], origins: ['https://shop.example'] })),
      consent: { recordWithdrawal: async (withdrawal) => void told.push(withdrawal) },
      rights: { exportVisitor: async () => Promise.reject(new Error('asked')) },
    });
    const { cookies } = await send(opened, aBatch([ALL], [anEvent()], { site }));
    const cookie = change(cookies[0]?.split(';')[0] as string).replace(
      'pc_other=',
      site === 'other' ? 'pc_shop=' : 'pc_other=',
    );
    expect((await get('/v1/rights/shop', { cookie })).text).toContain('is not known');
    const { status, text } = await post({ do: 'stop' }, { cookie });
    expect([status, told, audited]).toEqual([200, [], []]);
    expect(text).toContain('there was no consent to take back');
    expect((await post({}, { cookie }, '/v1/rights/export')).text).toBe('null\n');
  });

  it('stops: withdraws as a batch does, removes the cookie, objects, and writes it down', async () => {
    const receipts = createMemoryReceipts();
    const told: NewWithdrawal[] = [];
    await open({
      sites: [{ id: 'shop', keys: ['pk_demo'], origins: ['https://shop.example'], cookieDomains: ['shop.example'] }],
      consent: { receipts, recordWithdrawal: async (withdrawal) => void told.push(withdrawal) },
    });
    const cookie = await visit();
    const { status, text, cookies } = await post({ do: 'stop', lang: 'fr' }, { cookie, 'sec-gpc': '1' });
    expect(status).toBe(200);
    expect(text).toContain('C’est fait.');
    expect(text).toContain('Ce navigateur n’est pas connu');
    expect(text).toContain('Votre opposition');
    expect(cookies).toEqual([
      'pc_shop=; Max-Age=0; HttpOnly; Secure; SameSite=Lax',
      'pc_shop=; Max-Age=0; Domain=shop.example; HttpOnly; Secure; SameSite=Lax',
      'pc_objection_shop=1; Max-Age=34128000; Path=/; Secure; SameSite=Lax',
      'pc_objection_shop=1; Max-Age=34128000; Path=/; Domain=shop.example; Secure; SameSite=Lax',
    ]);
    const at = new Date(RECEIVED_AT).toISOString();
    expect(told).toEqual([{ site: 'shop', subject: SUBJECT, withdrawn_at: at }]);
    expect(receipts.records().at(-1)).toMatchObject({ action: 'withdraw', subject: SUBJECT, sdk: 'rights', gpc: true });
    expect(audited).toEqual([{ action: 'opted_out', site: 'shop', subject: SUBJECT }]);
    const { results } = await send(opened, aBatch([ALL], [anEvent()]));
    expect(results).toMatchObject([{ status: 'filtered', code: 'consent_withdrawn' }]);
    expect((await opened.records()).flatMap(({ events }) => events)).toHaveLength(1);
  });

  it('takes back what a browser chose whose clock is an hour ahead', async () => {
    await open();
    const ahead = RECEIVED_AT + 3_600_000;
    const visitor_id = `${(ahead - 1_800_000)
      .toString(16)
      .padStart(12, '0')
      .replace(/^(.{8})/, '$1-')}-7000-8000-000000000001`;
    const stamp = aStamp(['audience'], { at: new Date(ahead - 1_800_000).toISOString() });
    const more = { visitor_id, sent_at: new Date(ahead).toISOString() };
    const event = () => anEvent({ visitor_id, occurred_at: new Date(ahead).toISOString() });
    const { cookies, results } = await send(opened, aBatch([stamp], [event()], more));
    expect(results).toMatchObject([{ status: 'accepted' }]);
    await post({ do: 'stop' }, { cookie: cookies[0]?.split(';')[0] as string });
    expect((await send(opened, aBatch([stamp], [event()], more))).results).toMatchObject([
      { status: 'filtered', code: 'consent_withdrawn' },
    ]);
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of the shop', { 'sec-fetch-site': 'same-site', origin: 'https://www.shop.example' }],
    ['no page', { 'sec-fetch-site': 'none' }],
    ['an old browser on another origin', { 'sec-fetch-site': '', origin: 'https://evil.example' }],
    ['whoever tells no origin', { 'sec-fetch-site': '' }],
    ['a sandboxed frame', { 'sec-fetch-site': '', origin: 'null' }],
  ])('takes no form of %s', async (_, headers: Record<string, string>) => {
    await open({ rights: { exportVisitor: async () => Promise.reject(new Error('asked')) } });
    const cookie = await visit();
    if (headers['sec-fetch-site'] === '') Object.assign(headers, { 'sec-fetch-site': undefined });
    const sent = Object.fromEntries(Object.entries({ cookie, ...headers }).filter(([, value]) => value !== undefined));
    for (const path of ['/v1/rights', '/v1/rights/export']) {
      const response = await opened.request(path, {
        method: 'POST',
        body: 'site=shop&do=stop&lang=fr',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...sent } as Record<string, string>,
      });
      expect([path, response.status, response.headers.get('x-error-code')]).toEqual([path, 401, 'origin_not_allowed']);
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(await response.text()).toContain('nothing was done');
    }
    expect(audited).toEqual([]);
  });

  it('takes the form of an old browser from the page’s own origin', async () => {
    await open();
    const host = way === 'node' ? `127.0.0.1:${opened.port}` : 'localhost';
    const response = await opened.request('/v1/rights', {
      method: 'POST',
      body: 'site=shop&do=stop',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: `http://${host}` },
    });
    expect(response.status).toBe(200);
  });

  it('lets one address ask only so often, and says when to come again', async () => {
    await open({ rateLimits: { perAddress: 20 } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => get('/v1/rights/shop?lang=fr')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(2);
    expect(refused[0]?.text).toContain('Trop de demandes');
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('says what is wrong on a page of the same language', async () => {
    await open();
    const missing = await get('/v1/rights/nowhere?lang=fr');
    expect([missing.status, missing.headers.get('x-error-code')]).toEqual([404, 'unknown_site']);
    expect(missing.text).toContain('Ce site n’existe pas ici');
    const other = await post({ do: 'dance', lang: 'fr' });
    expect([other.status, other.text.includes('Ce formulaire n’existe pas ici')]).toEqual([404, true]);
    expect((await post({ do: 'stop', site: 'a"><b>' })).status).toBe(404);
  });

  it('promises nothing where it cannot be written down', async () => {
    const full = new LogError('unavailable', 'no space');
    await open({ consent: { recordWithdrawal: () => Promise.reject(full) } });
    const cookie = await visit();
    const { status, text, cookies } = await post({ do: 'stop', lang: 'fr' }, { cookie });
    expect([status, cookies, audited]).toEqual([503, [], []]);
    expect(text).toContain('elle n’est pas faite');
  });

  it('gives a file with what the tables hold, of this visitor and site alone', async () => {
    const asked: unknown[] = [];
    await open({
      rights: {
        async exportVisitor({ site, visitorId }) {
          asked.push([site, visitorId]);
          return (async function* () {
            yield Buffer.from('{"events":');
            yield Buffer.from('[]}');
          })();
        },
      },
    });
    const cookie = await visit();
    expect((await get('/v1/rights/shop', { cookie })).text).toContain('Download my data');
    const { status, text, headers } = await post({}, { cookie }, '/v1/rights/export');
    expect([status, text, asked]).toEqual([200, '{"events":[]}', [['shop', VISITOR]]]);
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="shop-\d{4}-\d\d-\d\d\.json"$/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(audited).toEqual([{ action: 'subject_exported', site: 'shop', subject: SUBJECT }]);
  });

  it('says that the tables cannot be read now, and when to come again', async () => {
    await open({ rights: { exportVisitor: async () => Promise.reject(new TablesUnavailable()) } });
    const cookie = await visit();
    const { status, headers, text } = await post({ lang: 'fr' }, { cookie }, '/v1/rights/export');
    expect([status, headers.get('retry-after'), audited]).toEqual([503, '30', []]);
    expect(text).toContain('ne peuvent pas être lues');
    // What needs no table works all the same.
    expect((await post({ do: 'stop' }, { cookie })).status).toBe(200);
  });

  it('erases once it is confirmed: durable before it is answered, and refused at once whatever time it tells', async () => {
    const hashes = new Set<string>();
    let release = (): void => {};
    const written = new Promise<void>((resolve) => {
      release = resolve;
    });
    await open({
      consent: { isErased: (site, hash) => hashes.has(`${site} ${hash}`), hasErased: () => hashes.size > 0 },
      rights: {
        async recordErasure(erasure) {
          for (const hash of erasure.hashes) hashes.add(`${erasure.site} ${hash}`);
          await written;
        },
      },
    });
    const cookie = await visit();
    const asked = await get('/v1/rights/shop?lang=fr&ask=erase', { cookie });
    expect(asked.text).toContain('Effacer définitivement');
    expect(asked.text).toContain('name="stop" value="yes" checked');
    expect(hashes.size).toBe(0);
    let isAnswered = false;
    const answer = post({ do: 'erase', lang: 'fr' }, { cookie }).finally(() => {
      isAnswered = true;
    });
    await expect.poll(() => hashes.size).toBe(1);
    expect([isAnswered, audited]).toEqual([false, []]);
    release();
    const { text, cookies } = await answer;
    expect(text).toContain('au plus tard le 30 novembre 2026');
    expect(cookies).toEqual(['pc_shop=; Max-Age=0; HttpOnly; Secure; SameSite=Lax']);
    expect([...hashes]).toEqual([`shop ${erasedHash(RECEIPT_KEY, { kind: 'visitor', value: VISITOR })}`]);
    expect(audited).toEqual([{ action: 'subject_erased', site: 'shop', subject: SUBJECT, logGoneBy: '2026-11-30' }]);
    const late = anEvent({ occurred_at: '2027-11-22T10:00:00.000Z' });
    expect((await send(opened, aBatch([ALL], [anEvent(), late]))).results).toMatchObject([
      { status: 'filtered', code: 'subject_erased' },
      { status: 'filtered', code: 'subject_erased' },
    ]);
    // A copy of the cookie is nobody's, and erasing twice erases nothing twice.
    expect((await get('/v1/rights/shop', { cookie })).text).toContain('is not known');
    expect((await post({ do: 'erase' }, { cookie })).text).toContain('nothing was erased');
    expect(audited).toHaveLength(1);
  });

  it('erases and stops with one form', async () => {
    const done: string[] = [];
    await open({
      consent: { recordWithdrawal: async () => void done.push('withdrawn') },
      rights: { recordErasure: async () => done.push('erased') },
    });
    const cookie = await visit();
    const { text, cookies } = await post({ do: 'erase', stop: 'yes' }, { cookie });
    expect(done).toEqual(['withdrawn', 'erased']);
    expect(cookies.filter((each) => each.startsWith('pc_objection_shop=1'))).toHaveLength(1);
    expect(text).toContain('You have objected');
    expect(audited.map(({ action }) => action)).toEqual(['opted_out', 'subject_erased']);
  });

  it('promises no erasure that could not be recorded', async () => {
    await open({ rights: { recordErasure: () => Promise.reject(new LogError('unavailable', 'no space')) } });
    const cookie = await visit();
    const { status, cookies } = await post({ do: 'erase' }, { cookie });
    expect([status, cookies, audited]).toEqual([503, [], []]);
  });

  it('offers what can be done, and no more', async () => {
    await open();
    const cookie = await visit();
    const { text } = await get('/v1/rights/shop?ask=erase', { cookie });
    expect(text).toContain('Stop measuring me');
    expect(text).not.toMatch(/Download my data|Erase/);
    expect((await post({}, { cookie }, '/v1/rights/export')).status).toBe(404);
    expect((await post({ do: 'erase' }, { cookie })).status).toBe(404);
  });

  it('lies beside a path of your own, where the cookie is sent too', async () => {
    await open({ endpointPath: '/shop/in' });
    expect((await get('/shop/rights/shop')).text).toContain('action="../rights"');
    expect((await post({ do: 'stop' }, {}, '/shop/rights')).text).toContain('href="rights/shop?lang=fr"');
  });
});

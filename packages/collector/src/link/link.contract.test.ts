import type { BatchReply, EventRecord } from '@parcours/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { demoSite, type OpenedCollector, openCollector, type Way } from '../testing/open_collector.ts';
import type { LinkReply } from './issue_link.ts';

const START = Date.parse('2026-11-22T10:00:00.000Z');
const DAY = 86_400_000;

/** A UUID of version 7 made at a time, as the SDK makes them. */
const idOf = (time: number, tail = '0123456789ab'): string => {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-${tail}`;
};

const FR = 'https://www.shop.fr';
const COM = 'https://www.shop.com';
const PRO = 'https://pro.example';

/** One shop on two domains as one site, and another site of the same retailer. */
const sites = [
  { id: 'shop', keys: ['pk_demo'], origins: [FR, COM], cookieDomains: ['shop.fr'] },
  { id: 'pro', keys: ['pk_pro'], origins: [PRO] },
];

const keyOf: Record<string, string> = { shop: 'pk_demo', pro: 'pk_pro' };

describe.each<Way>(['hono', 'node'])('links to other domains, through %s', (way) => {
  let opened: OpenedCollector;
  let time: number;
  let events: number;
  const open = async (options: Parameters<typeof openCollector>[1] = {}): Promise<void> => {
    time = START;
    events = 0;
    opened = await openCollector(way, { now: () => time, sites, ...options });
  };
  afterEach(() => opened.close());

  const ask = (body: unknown, headers: Record<string, string> = { origin: FR }): Promise<Response> =>
    opened.request('/v1/link', {
      method: 'POST',
      headers: { 'content-type': 'text/plain', ...headers },
      body: JSON.stringify(body),
    });
  const tokenFor = async (visitor_id: string, headers?: Record<string, string>): Promise<string> => {
    const response = await ask({ visitor_id }, headers);
    expect(response.status).toBe(200);
    return ((await response.json()) as LinkReply).token;
  };
  /** What a browser sends from a page at the time that is now. */
  const send = async (
    batch: {
      origin?: string;
      site?: string;
      visitor: string;
      cookie?: string | undefined;
      rotate?: boolean;
      purposes?: string[];
    },
    list: readonly Partial<EventRecord>[],
  ) => {
    const { origin = COM, site = 'shop', visitor, cookie, rotate, purposes = ['audience'] } = batch;
    const at = new Date(time).toISOString();
    const response = await opened.request('/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'text/plain', origin, ...(cookie && { cookie }) },
      body: JSON.stringify({
        v: 1,
        site,
        key: keyOf[site],
        sdk: 'test',
        sent_at: at,
        visitor_id: visitor,
        rotate,
        stamps: [purposes, []].map((granted) => ({
          purposes: granted,
          source: 'manual',
          at: new Date(START - DAY).toISOString(),
        })),
        events: list.map((event) => ({
          event_id: idOf(time, String(events++).padStart(12, '0')),
          type: 'page_view',
          occurred_at: at,
          stamp: 0,
          visitor_id: visitor,
          page: { url: `${origin}/boots` },
          ...event,
        })),
      }),
    });
    const reply = (await response.json()) as BatchReply;
    return { reply, setCookie: response.headers.get('set-cookie') };
  };
  const arrival = (token: string, more: Partial<EventRecord> = {}): Partial<EventRecord> => ({
    type: 'cross_domain',
    props: { token },
    ...more,
  });
  const stored = async () => (await opened.records()).flatMap((record) => record.events);
  const cookiePair = (setCookie: string | null): string => setCookie?.split(';', 1)[0] as string;

  it('gives a page of a site a token, with the CORS of its origin, and sets no cookie', async () => {
    await open();
    const response = await ask({ visitor_id: idOf(START) });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ token: expect.stringMatching(/^[\w-]{110}$/), expires_in: 120 });
    expect(response.headers.get('access-control-allow-origin')).toBe(FR);
    expect(response.headers.get('access-control-allow-credentials')).toBe('true');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('set-cookie')).toBeNull();
    const preflight = await opened.request('/v1/link', { method: 'OPTIONS', headers: { origin: FR } });
    expect(preflight.status).toBe(204);
    expect(await opened.records()).toEqual([]);
  });

  it("lies beside a path of the shop's own too", async () => {
    await open({ endpointPath: '/shop/in' });
    const init = { method: 'POST', headers: { 'content-type': 'text/plain', origin: FR } };
    const body = JSON.stringify({ visitor_id: idOf(START) });
    expect((await opened.request('/shop/link', { ...init, body })).status).toBe(200);
    expect((await opened.request('/v1/link', { ...init, body })).status).toBe(200);
    expect((await opened.request('/shop/link')).status).toBe(405);
  });

  it.each<[string, unknown, Record<string, string>, number, string]>([
    ['a page of nobody here', { visitor_id: 'v' }, { origin: 'https://evil.example' }, 401, 'origin_not_allowed'],
    ['what is no page', { visitor_id: 'v' }, {}, 401, 'origin_not_allowed'],
    ['another site of the same collector', { visitor_id: 'v', site: 'pro' }, { origin: FR }, 401, 'unknown_site'],
    ['no visitor', {}, { origin: FR }, 400, 'bad_batch'],
    ['an id that is none', { visitor_id: 'a;b' }, { origin: FR }, 400, 'bad_batch'],
    ['a site that is no text', { visitor_id: 'v', site: 7 }, { origin: FR }, 400, 'bad_batch'],
    ['null', null, { origin: FR }, 400, 'bad_batch'],
    ['a form', {}, { origin: FR, 'content-type': 'multipart/form-data' }, 415, 'unsupported_type'],
  ])('refuses %s', async (_name, body, headers, status, code) => {
    await open();
    const response = await ask(body, headers);
    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: { code: string } }).error.code).toBe(code);
  });

  it('gives none while the cookie names another than the page does, nor for an id past its life', async () => {
    await open();
    const own = idOf(START);
    const { setCookie } = await send({ origin: FR, visitor: own }, [{}]);
    const headers = { origin: FR, cookie: cookiePair(setCookie) };
    expect((await ask({ visitor_id: own }, headers)).status).toBe(200);
    const other = await ask({ visitor_id: idOf(START, 'ffffffffffff') }, headers);
    expect([other.status, await other.text()]).toEqual([204, '']);
    expect((await ask({ visitor_id: idOf(START - 395 * DAY) })).status).toBe(204);
  });

  it('tells by the cookie or the name which of the sites of one origin it is, and gives none where neither does', async () => {
    const both = ['fr', 'de'].map((id) => ({ id, keys: [`pk_${id}`], origins: [FR] }));
    await open({ sites: both });
    Object.assign(keyOf, { fr: 'pk_fr', de: 'pk_de' });
    const own = idOf(START);
    const { setCookie } = await send({ origin: FR, site: 'de', visitor: own }, [{}]);
    expect((await ask({ visitor_id: own })).status).toBe(204);
    const tokens = [
      await tokenFor(own, { origin: FR, cookie: cookiePair(setCookie) }),
      ((await (await ask({ visitor_id: own, site: 'fr' })).json()) as LinkReply).token,
    ];
    await send(
      { origin: FR, site: 'fr', visitor: idOf(START, 'aaaaaaaaaaaa') },
      tokens.map((token) => arrival(token)),
    );
    expect((await stored()).slice(1).map(({ props }) => props?.from_site)).toEqual(['de', 'fr']);
  });

  it('slows down one address, as for events', async () => {
    await open({ trustProxy: 1, rateLimits: { perAddress: 2 } });
    const headers = { origin: FR, 'x-forwarded-for': '203.0.113.1' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask({ visitor_id: idOf(START) }, headers)));
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
  });

  it('goes on under the id of the link, dated as it was first issued, and tells the browser', async () => {
    await open();
    const first = idOf(START - 100 * DAY);
    const { setCookie } = await send({ origin: FR, visitor: first }, [{}]);
    const token = await tokenFor(first, { origin: FR, cookie: cookiePair(setCookie) });
    time += 5_000;
    const fresh = idOf(time);
    const landed = await send({ visitor: fresh }, [{}, arrival(token)]);
    expect(landed.reply.results.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
    expect(landed.reply.visitor_id).toBe(first);
    // 395 days from the first issue on the other domain; that domain is none of this page's.
    expect(landed.setCookie).toContain(`.${first}.`);
    expect(landed.setCookie).toMatch(new RegExp(`Max-Age=${295 * 86_400 - 5};`));
    expect(landed.setCookie).not.toContain('Domain=');
    const rows = (await stored()).slice(1);
    expect(rows.map((row) => [row.visitor_id, row.client_visitor_id])).toEqual([
      [first, fresh],
      [first, fresh],
    ]);
    expect(rows[1]?.props).toEqual({ linked_visitor_id: first, from_site: 'shop' });
    expect(JSON.stringify(await opened.records())).not.toContain(token);
    const later = await send({ visitor: first, cookie: cookiePair(landed.setCookie) }, [{}]);
    expect([later.reply.visitor_id, later.setCookie]).toEqual([undefined, null]);
  });

  it('keeps a visitor of before, and has the link as an edge: on the same site and from another', async () => {
    await open();
    const there = idOf(START - DAY);
    const here = idOf(START - 2 * DAY);
    const { setCookie } = await send({ visitor: here }, [{}]);
    const token = await tokenFor(there);
    const kept = await send({ visitor: here, cookie: cookiePair(setCookie) }, [arrival(token)]);
    expect([kept.reply.visitor_id, kept.setCookie]).toEqual([undefined, null]);
    const pro = await send({ origin: PRO, site: 'pro', visitor: here }, [arrival(await tokenFor(there))]);
    expect(pro.reply.visitor_id).toBeUndefined();
    expect((await stored()).slice(1).map(({ visitor_id, props }) => [visitor_id, props])).toEqual([
      [here, { linked_visitor_id: there, from_site: 'shop' }],
      [here, { linked_visitor_id: there, from_site: 'shop' }],
    ]);
  });

  it('adopts nobody of another site, though this arrival is all there is', async () => {
    await open();
    const token = await tokenFor(idOf(START - DAY));
    const fresh = idOf(START);
    const landed = await send({ origin: PRO, site: 'pro', visitor: fresh }, [arrival(token)]);
    expect(landed.reply.visitor_id).toBeUndefined();
    expect(landed.setCookie).toContain(`.${fresh}.`);
  });

  it.each<[string, (token: string) => Promise<unknown>, object]>([
    ['was told for two minutes and five seconds', async () => (time += 125_001), { link_fault: 'expired' }],
    ['was altered', async () => undefined, { link_fault: 'unreadable' }],
  ])('counts the visit and links nobody where the token %s', async (name, change, props) => {
    await open();
    const token = await tokenFor(idOf(START - DAY));
    await change(token);
    const fresh = idOf(time);
    const landed = await send({ visitor: fresh }, [
      {},
      arrival(name.includes('altered') ? `${token.slice(0, -9)}AAAAAAAAA` : token),
    ]);
    expect(landed.reply.results.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
    expect(landed.reply.visitor_id).toBeUndefined();
    expect(landed.setCookie).toContain(`.${fresh}.`);
    expect((await stored())[1]).toMatchObject({ visitor_id: fresh, props });
  });

  it('judges the age of a token by when the visitor arrived, by a corrected clock, and believes nobody a day later', async () => {
    await open();
    const [soon, late, ahead] = [
      await tokenFor(idOf(START - DAY)),
      await tokenFor(idOf(START - DAY)),
      await tokenFor(idOf(START - DAY)),
    ];
    const arrivedAt = new Date(START + 30_000).toISOString();
    // Held until the choice an hour later.
    time = START + 3_600_000;
    await send({ visitor: idOf(START + 30_000) }, [arrival(soon, { occurred_at: arrivedAt })]);
    time = START + 120_000 + DAY + 1;
    await send({ visitor: idOf(START + 30_000) }, [arrival(late, { occurred_at: arrivedAt })]);
    // Before the token was made: nobody can have arrived with it.
    time = START + 60_000;
    await send({ visitor: idOf(START) }, [arrival(ahead, { occurred_at: new Date(START - 6_000).toISOString() })]);
    expect((await stored()).map(({ props }) => props?.link_fault)).toEqual([undefined, 'expired', 'expired']);
  });

  it('takes a token from one event alone, however often that event is sent', async () => {
    await open();
    const there = idOf(START - DAY);
    const token = await tokenFor(there);
    const mine = arrival(token, { event_id: idOf(START, 'cccccccccccc') });
    const first = await send({ visitor: idOf(START) }, [mine]);
    // The answer was lost: the page sends the same once more, with what came meanwhile.
    const again = await send({ visitor: idOf(START) }, [mine, {}]);
    expect(again.reply.results.map(({ status }) => status)).toEqual(['duplicate', 'accepted']);
    expect([first.reply.visitor_id, again.reply.visitor_id]).toEqual([there, there]);
    const other = await send({ visitor: idOf(START, 'bbbbbbbbbbbb') }, [arrival(token)]);
    expect(other.reply.visitor_id).toBeUndefined();
    expect((await stored()).at(-1)?.props).toEqual({ link_fault: 'used' });
  });

  it('does not use up a token that is only judged', async () => {
    await open();
    const token = await tokenFor(idOf(START - DAY));
    const at = new Date(START).toISOString();
    const judged = await opened.request('/v1/validate', {
      method: 'POST',
      headers: { 'content-type': 'text/plain', origin: COM },
      body: JSON.stringify({
        v: 1,
        site: 'shop',
        key: 'pk_demo',
        sdk: 'test',
        sent_at: at,
        visitor_id: idOf(START),
        stamps: [{ purposes: ['audience'], source: 'manual', at }],
        events: [
          {
            event_id: idOf(START),
            type: 'cross_domain',
            occurred_at: at,
            stamp: 0,
            visitor_id: idOf(START),
            props: { token },
          },
        ],
      }),
    });
    expect(await judged.json()).toMatchObject({ results: [{ status: 'accepted' }] });
    await send({ visitor: idOf(START) }, [arrival(token)]);
    expect((await stored())[0]?.props).toMatchObject({ from_site: 'shop' });
  });

  it("adopts nobody where the arrival was not granted, is not the present visitor's, or came before a reset", async () => {
    await open();
    const there = idOf(START - DAY);
    const fresh = idOf(START);
    const denied = await send({ visitor: fresh, purposes: ['ads_measurement'] }, [arrival(await tokenFor(there))]);
    expect(denied.reply).toEqual({ results: [expect.objectContaining({ status: 'filtered' })] });
    expect(denied.setCookie).toBeNull();
    const beside = await send({ visitor: fresh }, [{}, arrival(await tokenFor(there), { stamp: 1 })]);
    expect(beside.reply.results.map(({ status }) => status)).toEqual(['accepted', 'filtered']);
    expect(beside.reply.visitor_id).toBeUndefined();
    const before = await send({ visitor: fresh }, [
      arrival(await tokenFor(there), { visitor_id: idOf(START, 'dddddddddddd') }),
    ]);
    expect(before.reply.visitor_id).toBeUndefined();
    const reset = await send({ visitor: fresh, rotate: true }, [arrival(await tokenFor(there))]);
    expect(reset.reply.visitor_id).toBeUndefined();
    expect(reset.setCookie).toContain(`.${fresh}.`);
  });

  it('believes no sender who a link names, and keeps no token of a failed event', async () => {
    await open();
    const token = await tokenFor(idOf(START - DAY));
    const lie = { token: 'x', linked_visitor_id: 'victim', from_site: 'pro', link_fault: 'none', colour: 'red' };
    await send({ visitor: idOf(START) }, [
      arrival(token, { props: lie }),
      arrival(token, { page: { url: '/no-host' } }),
    ]);
    const [record] = await opened.records();
    expect(record?.events[0]?.props).toEqual({ colour: 'red', link_fault: 'unreadable' });
    expect(record?.failed?.map(({ item }) => JSON.parse(item).props)).toEqual([{}]);
    expect(JSON.stringify(record)).not.toContain(token);
    const text = await send({ visitor: idOf(START) }, [arrival(token, { props: token as never })]);
    expect(text.reply.results).toMatchObject([{ status: 'failed' }]);
    expect(JSON.stringify(await opened.records())).not.toContain(token);
  });

  it('shares the cookie among the hosts of a listed domain, and carries over the one of before', async () => {
    await open({ sites: [{ ...demoSite, keys: [...demoSite.keys], origins: [FR, COM] }] });
    const own = idOf(START);
    const before = await send({ origin: FR, visitor: own }, [{}]);
    expect(before.setCookie).not.toContain('Domain=');
    await opened.close();
    await open();
    const moved = await send({ origin: FR, visitor: own, cookie: cookiePair(before.setCookie) }, [{}]);
    expect(moved.setCookie).toContain('; Domain=shop.fr;');
    const both = `${cookiePair(before.setCookie)}; ${cookiePair(moved.setCookie)}`;
    const after = await send({ origin: FR, visitor: own, cookie: both }, [{}]);
    expect(after.setCookie).toBeNull();
    const other = await send(
      { origin: 'https://www.shop.fr', visitor: idOf(START, 'eeeeeeeeeeee'), cookie: cookiePair(moved.setCookie) },
      [{}],
    );
    expect(other.reply.visitor_id).toBe(own);
  });
});

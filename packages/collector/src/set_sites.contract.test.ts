import type { BatchReply } from '@parcours/protocol';
import { secretHash } from '@parcours/store/control';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCollector } from './app.ts';
import type { SiteInput } from './options.ts';
import { type OpenedCollector, openCollector, type Way } from './testing/open_collector.ts';

const pepper = Buffer.alloc(32, 3);
const SECRET = `sk_${'s'.repeat(40)}`;
const shop: SiteInput = { id: 'shop', keys: ['pk_demo'], origins: ['https://shop.example'] };
const other: SiteInput = {
  id: 'other',
  keys: ['pk_other'],
  origins: ['https://other.example'],
  secretKeyHashes: [{ id: 'k_1', hash: secretHash(pepper, SECRET) }],
};

describe.each<Way>(['hono', 'node'])('sites that change, through %s', (way) => {
  let opened: OpenedCollector;
  const open = async (options: Parameters<typeof openCollector>[1] = {}): Promise<void> => {
    opened = await openCollector(way, { sites: [shop], secretPepper: pepper, ...options });
  };
  const setSites = (...sites: SiteInput[]): void => opened.collector.setSites(sites);
  beforeEach(() => open());
  afterEach(() => opened.close());

  const aBatch = (more: object = {}, url = 'https://shop.example/boots?size=42', id = crypto.randomUUID()) =>
    JSON.stringify({
      v: 1,
      site: 'shop',
      key: 'pk_demo',
      sdk: 'test',
      sent_at: new Date().toISOString(),
      stamps: [{ purposes: ['audience'], source: 'manual', at: new Date(Date.now() - 60_000).toISOString() }],
      events: [{ event_id: id, type: 'page_view', occurred_at: new Date().toISOString(), stamp: 0, page: { url } }],
      ...more,
    });
  const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    opened.request('/v1/events', { method: 'POST', headers: { 'content-type': 'text/plain', ...headers }, body });
  const codeOf = async (response: Response): Promise<string> => {
    const { error } = (await response.json()) as { error?: { code: string } };
    return error?.code ?? String(response.status);
  };
  const asServer = { authorization: `Bearer ${SECRET}` };

  it('takes events of a site that is added, from its pages and its server', async () => {
    const batch = aBatch({ site: 'other', key: 'pk_other' });
    const origin = { origin: 'https://other.example' };
    expect(await codeOf(await post(batch, origin))).toBe('unknown_site');
    expect(await codeOf(await post(batch, asServer))).toBe('unknown_secret');
    setSites(shop, other);
    const answer = await post(batch, origin);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://other.example');
    expect(await codeOf(answer)).toBe('200');
    expect(await codeOf(await post(aBatch({ site: 'other', key: undefined }), asServer))).toBe('200');
    expect(await codeOf(await post(aBatch()))).toBe('200');
    expect((await opened.records()).map(({ site, source }) => `${site} ${source}`)).toEqual([
      'other web',
      'other server',
      'shop web',
    ]);
  });

  it('refuses what is taken away: a site, a key, a secret, an origin', async () => {
    setSites(shop, other);
    setSites({ ...shop, keys: ['pk_new'], origins: [] });
    expect(await codeOf(await post(aBatch({ site: 'other', key: 'pk_other' })))).toBe('unknown_site');
    expect(await codeOf(await post(aBatch({ site: 'other', key: undefined }), asServer))).toBe('unknown_secret');
    expect(await codeOf(await post(aBatch()))).toBe('unknown_key');
    const page = { origin: 'https://shop.example' };
    const answer = await post(aBatch({ key: 'pk_new' }), page);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(await codeOf(answer)).toBe('origin_not_allowed');
    setSites({ ...shop, keys: [] });
    expect(await codeOf(await post(aBatch()))).toBe('unknown_key');
    setSites();
    expect(await codeOf(await post(aBatch()))).toBe('unknown_site');
  });

  it('reads addresses by the new settings, and gives link tokens by the new origins', async () => {
    setSites({ ...shop, queryKeys: ['size'], origins: ['https://new.example'] });
    expect(await codeOf(await post(aBatch()))).toBe('200');
    const [record] = await opened.records();
    expect(record?.events[0]?.url).toBe('https://shop.example/boots?size=42');
    setSites({ ...shop, origins: ['https://new.example'] });
    expect(await codeOf(await post(aBatch()))).toBe('200');
    expect((await opened.records())[1]?.events[0]?.url).toBe('https://shop.example/boots');
    const link = (origin: string): Promise<Response> =>
      opened.request('/v1/link', {
        method: 'POST',
        headers: { 'content-type': 'text/plain', origin },
        body: JSON.stringify({ visitor_id: crypto.randomUUID() }),
      });
    expect(await codeOf(await link('https://shop.example'))).toBe('origin_not_allowed');
    expect((await link('https://new.example')).status).toBe(200);
  });

  it('keeps what it knows of limits and of ids', async () => {
    await opened.close();
    await open({ rateLimits: { perAddress: 1000, perKey: 2 } });
    const id = crypto.randomUUID();
    const statuses: number[] = [];
    for (let n = 0; n < 5; n++) {
      const answer = await post(aBatch({}, undefined, id));
      statuses.push(answer.status);
      if (n === 1) {
        const { results } = (await answer.json()) as BatchReply;
        expect(results[0]?.status).toBe('duplicate');
      }
      setSites(shop, ...(n % 2 === 0 ? [other] : []));
    }
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
    expect(await opened.records()).toHaveLength(1);
  });

  it('lets a request that is in hand end as it began', async () => {
    const answers = Array.from({ length: 20 }, () => post(aBatch()));
    setSites();
    await Promise.all(answers);
    setSites(shop);
    const codes = await Promise.all(answers.map(async (answer) => codeOf(await answer)));
    expect(codes.every((code) => code === '200' || code === 'unknown_site')).toBe(true);
    expect(await opened.records()).toHaveLength(codes.filter((code) => code === '200').length);
  });

  it('stays as it was where the new sites are wrong, and says what is', async () => {
    const wrong = { ...other, origins: ['https://other.example/path'] };
    expect(() => setSites(shop, wrong)).toThrow('option "sites[1].origins[0]": must be an origin');
    expect(await codeOf(await post(aBatch()))).toBe('200');
  });

  it('asks for the pepper under which hashes were made', () => {
    const log = {} as Parameters<typeof createCollector>[0]['log'];
    const options = { log, cookieSecret: Buffer.alloc(32), sites: [other] };
    expect(() => createCollector(options)).toThrow('option "secretPepper" is missing');
    expect(() => createCollector({ ...options, secretPepper: Buffer.alloc(16) })).toThrow('32 bytes or more');
  });
});

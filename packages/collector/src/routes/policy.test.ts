import { DEFAULT_RULES } from '@parcours/protocol';
import { DEFAULT_POLICY, policyHash } from '@parcours/protocol/policy';
import { afterEach, describe, expect, it } from 'vitest';
import { createMicro } from '../micro/micro.ts';
import { demoSite, type OpenedCollector, openCollector } from '../testing/open_collector.ts';
import { aPolicy } from '../testing/policy.ts';

let opened: OpenedCollector;
afterEach(() => opened?.close());

const POLICY = aPolicy({ choice_days: 90 });

describe.each(['hono', 'node'] as const)('the policy of a site (%s)', (way) => {
  it('is the built-in one where none was published', async () => {
    opened = await openCollector(way);
    const response = await opened.request('/v1/policy/shop');
    expect(response.status).toBe(200);
    const { events, gpc_removes: gpc, sources } = DEFAULT_RULES;
    const fields = { ...DEFAULT_RULES.fields, 'props.click_id': ['ads_measurement'] };
    expect(await response.json()).toEqual({
      hash: policyHash(DEFAULT_POLICY),
      purposes: ['audience', 'personalisation', 'ads_measurement', 'ads_share', 'crm_join'],
      ...{ events, fields, gpc, sources },
    });
  });

  it('is read by any page, and neither reads nor sets a cookie', async () => {
    opened = await openCollector(way, { policies: [POLICY] });
    const ask = async (headers: Record<string, string> = {}) => {
      const response = await opened.request('/v1/policy/shop', { headers });
      const told = Object.fromEntries(response.headers);
      delete told['x-request-id'];
      delete told.date;
      return { status: response.status, told, text: await response.text() };
    };
    const plain = await ask();
    expect(plain.told).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=300',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(plain.told).not.toHaveProperty('set-cookie');
    expect(plain.told).not.toHaveProperty('access-control-allow-credentials');
    expect(JSON.parse(plain.text)).toMatchObject({ hash: POLICY.hash, choice_days: 90 });
    expect(await ask({ origin: 'https://elsewhere.example', cookie: 'pc_shop=v.1.2' })).toEqual(plain);
  });

  it('is spared where it is known, until it changes', async () => {
    opened = await openCollector(way, { policies: [POLICY] });
    const etag = (await opened.request('/v1/policy/shop')).headers.get('etag') as string;
    const again = (known: string) => opened.request('/v1/policy/shop', { headers: { 'if-none-match': known } });
    expect((await again(etag)).status).toBe(304);
    expect((await again(`"other", W/${etag}`)).status).toBe(304);
    expect((await again('"other"')).status).toBe(200);
    opened.collector.setPolicies([POLICY, aPolicy({ choice_days: 60 })]);
    expect(await (await again(etag)).json()).toMatchObject({ choice_days: 60 });
  });

  it('is not there for a site that is not', async () => {
    opened = await openCollector(way);
    for (const site of ['other', '__proto__', 'Shop', 'a%2Fb']) {
      const response = await opened.request(`/v1/policy/${site}`);
      expect([site, response.status]).toEqual([site, 404]);
    }
    const response = await opened.request('/v1/policy/other');
    expect(await response.json()).toEqual({ error: { code: 'unknown_site', message: 'no such site' } });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    opened.collector.setSites([{ ...demoSite, origins: [...demoSite.origins], keys: [], id: 'other' }]);
    expect((await opened.request('/v1/policy/other')).status).toBe(200);
    expect((await opened.request('/v1/policy/shop')).status).toBe(404);
  });

  it('answers a preflight of any page, and takes no other method', async () => {
    opened = await openCollector(way);
    const headers = { origin: 'https://elsewhere.example' };
    const preflight = await opened.request('/v1/policy/shop', { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect((await opened.request('/v1/policy/shop', { method: 'POST', body: '{}' })).status).toBe(405);
  });

  it('lies beside an endpoint of your own too', async () => {
    opened = await openCollector(way, { endpointPath: '/shop/in' });
    const [own, plain] = await Promise.all(
      ['/shop/policy/shop', '/v1/policy/shop'].map((path) => opened.request(path)),
    );
    expect(own?.status).toBe(200);
    expect(await own?.text()).toBe(await plain?.text());
  });
});

it('is there in micro, and stays over a reset', async () => {
  const micro = createMicro({ policies: [POLICY] });
  const hash = async () => ((await (await micro.request('/v1/policy/shop')).json()) as { hash: string }).hash;
  expect(await hash()).toBe(POLICY.hash);
  const other = aPolicy({ choice_days: 60 });
  micro.setPolicies([POLICY, other]);
  micro.reset();
  expect(await hash()).toBe(other.hash);
});

import { describe, expect, it } from 'vitest';
import { channel } from './channel.ts';
import { createPageReader, type ReadPage } from './page.ts';

const scrub = (text: string) => text.replace(/[a-z.]+(@|%40)[a-z.]+/g, '[email]');
const read = createPageReader({ queryKeys: ['q', 'taille'], ownHosts: ['shop.example'], scrub });

const fieldsOf = (page: ReadPage) => {
  if (page.fault) throw new Error(page.fault.message);
  return page.fields;
};
const landingOf = (page: ReadPage) => {
  if (page.fault) throw new Error(page.fault.message);
  return page.landing;
};

describe('createPageReader', () => {
  it('keeps scheme, host, port, path and allowed query keys in their order', () => {
    expect(
      fieldsOf(read({ url: 'https://Shop.example:8443/p/1?taille=42&sid=9&q=botte%20verte&taille=43#top' })),
    ).toEqual({
      url: 'https://shop.example:8443/p/1?taille=42&q=botte%20verte&taille=43',
      path: '/p/1',
    });
  });

  it('drops user name, password, fragment and every other key', () => {
    const { url } = fieldsOf(read({ url: 'https://jean:secret@shop.example/a?token=abc&Q=1#/mail' }));
    expect(url).toBe('https://shop.example/a');
  });

  it('keeps an allowed key without value, and a key written with escapes', () => {
    expect(fieldsOf(read({ url: 'https://shop.example/?q&%71=2' })).url).toBe('https://shop.example/?q&%71=2');
  });

  it('scrubs path, kept values, title and campaign', () => {
    const page = read({
      url: 'https://shop.example/u/jean@x.fr?q=jean%40x.fr&utm_content=jean%40x.fr',
      title: 'Bonjour jean@x.fr',
    });
    expect(fieldsOf(page)).toEqual({
      url: 'https://shop.example/u/[email]?q=[email]',
      path: '/u/[email]',
      title: 'Bonjour [email]',
      utm_content: '[email]',
    });
  });

  it('takes a code in which a person is found for none: masked it would be one for all', () => {
    const storeOf = (query: string) => {
      const page = read({ url: `https://shop.example/?${query}` });
      if (page.fault) throw new Error(page.fault.message);
      return page.store;
    };
    expect(storeOf('pc_place=lyon-2&pc_code=window-7')).toEqual({ place_id: 'lyon-2', code: 'window-7' });
    expect(storeOf('pc_place=lyon-2&pc_code=jean@x.fr')).toEqual({ place_id: 'lyon-2' });
    // As the browser masks it.
    expect(storeOf('pc_code=[email]')).toEqual({});
  });

  it('reads campaign values before the query is cut', () => {
    const page = read({
      url: 'https://shop.example/?utm_source=News+Letter&utm_medium=email&utm_campaign=No%C3%ABl%202026&utm_term=%20&utm_id=7&utm_source=other',
    });
    expect(fieldsOf(page)).toEqual({
      url: 'https://shop.example/',
      path: '/',
      utm_source: 'News Letter',
      utm_medium: 'email',
      utm_campaign: 'Noël 2026',
      utm_id: '7',
    });
    expect(landingOf(page)).toMatchObject({ source: 'News Letter', medium: 'email', campaign: 'Noël 2026' });
  });

  it('cuts a campaign value at 200 characters, never inside a pair', () => {
    const { utm_source } = fieldsOf(
      read({ url: `https://shop.example/?utm_source=${'a'.repeat(199)}${encodeURIComponent('😀')}` }),
    );
    expect(utm_source).toBe('a'.repeat(199));
  });

  it('keeps what is not well encoded as it is', () => {
    expect(fieldsOf(read({ url: 'https://shop.example/?utm_source=100%' })).utm_source).toBe('100%');
  });

  it('tells click ids by name only', () => {
    const page = read({ url: 'https://shop.example/?gclid=Cj0KCQ&fbclid=' });
    expect(landingOf(page).clickIds).toEqual(['gclid']);
    expect(JSON.stringify(page)).not.toContain('Cj0KCQ');
    expect(channel(landingOf(page))).toBe('Paid Search');
  });

  it('keeps the host of the referrer only', () => {
    const page = read({ url: 'https://shop.example/', referrer: 'https://WWW.Google.fr/search?q=jean' });
    expect(fieldsOf(page).referrer_host).toBe('www.google.fr');
    expect(channel(landingOf(page))).toBe('Organic Search');
  });

  it.each(['https://shop.example/a', 'https://m.shop.example/a', 'https://SHOP.example:8080/'])(
    'counts the own host as no referrer: %s',
    (referrer) => {
      const page = read({ url: 'https://www.shop.example/', referrer });
      expect(fieldsOf(page).referrer_host).toBe(new URL(referrer).hostname);
      expect(channel(landingOf(page))).toBe('Direct');
    },
  );

  it('counts the page host as own although it is not configured', () => {
    const page = read({ url: 'https://outlet.example/b', referrer: 'https://outlet.example/a' });
    expect(landingOf(page).referrerHost).toBeUndefined();
  });

  it.each(['', 'about:blank', 'nonsense'])('does without a referrer that is none: %j', (referrer) => {
    const page = read({ url: 'https://shop.example/', referrer });
    expect(fieldsOf(page)).not.toHaveProperty('referrer_host');
    expect(channel(landingOf(page))).toBe('Direct');
  });

  it('reads the address of an app', () => {
    expect(fieldsOf(read({ url: 'capacitor://localhost/cart?x=1' })).url).toBe('capacitor://localhost/cart');
  });

  it.each(['', 'https://', '/relative', 'https://[::1', 'javascript://x/%0aalert(1)', 'file:///C:/Users/jean/a.html'])(
    'refuses %j as the address of a page',
    (url) => {
      expect(read({ url })).toMatchObject({ fault: { code: 'invalid_field', path: 'page.url' } });
    },
  );

  it('remembers the pages seen lately, by address, title and referrer', () => {
    const first = read({ url: 'https://shop.example/1', title: 'A' });
    expect(fieldsOf(read({ url: 'https://shop.example/2', title: 'A' })).path).toBe('/2');
    expect(read({ url: 'https://shop.example/1', title: 'A' })).toBe(first);
    expect(fieldsOf(read({ url: 'https://shop.example/1', title: 'B' })).title).toBe('B');
    expect(
      fieldsOf(read({ url: 'https://shop.example/1', title: 'B', referrer: 'https://a.example/' })).referrer_host,
    ).toBe('a.example');
  });

  it.each([
    { url: 'https://shop.example/?gclid=Cj0KCQ' },
    { url: 'https://shop.example/u/jean@x.fr' },
    { url: 'https://shop.example/', title: 'Bonjour jean@x.fr' },
    { url: `https://shop.example/${'a'.repeat(1_000)}` },
  ])("remembers one person's page no longer than it is the last: $url $title", (page) => {
    const first = read(page);
    expect(read({ ...page })).toBe(first);
    read({ url: 'https://shop.example/other' });
    const again = read(page);
    expect(again).not.toBe(first);
    expect(again).toEqual(first);
  });

  it('tells the channel of a page that was not reached from the site itself', () => {
    const url = 'https://shop.example/a';
    expect(read({ url })).toMatchObject({ channel: 'Direct' });
    expect(read({ url, referrer: 'https://www.qwant.com/' })).toMatchObject({ channel: 'Organic Search' });
    expect(read({ url, referrer: 'https://shop.example/b' })).toMatchObject({ channel: undefined });
    expect(read({ url: `${url}?pc_place=lyon-2` })).toMatchObject({ channel: 'Store visit' });
    expect(read({ url: `${url}?pc_code=w7`, referrer: 'https://shop.example/b' })).toMatchObject({
      channel: 'Store visit',
    });
    expect(read({ url: `${url}?pc_code=w7&utm_medium=email` })).toMatchObject({ channel: 'Email' });
    expect(read({ url: `${url}?utm_medium=email`, referrer: 'https://shop.example/b' })).toMatchObject({
      channel: 'Email',
    });
  });
});

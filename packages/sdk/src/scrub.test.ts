import { CLICK_IDS, LIMITS } from '@parcours/protocol';
import { describe, expect, it } from 'vitest';
import { cleanAddress, maskEmails } from './scrub.ts';
import { byteLength, serialise } from './serialise.ts';

describe('maskEmails', () => {
  it.each([
    ['jean.dupont+promo@mail.example.fr', '[email]'],
    ['mailto:a@b.co', 'mailto:[email]'],
    ['https://x.fr/u/jean%40mail.fr/cart', 'https://x.fr/u/[email]/cart'],
    ['?to=jean%2540mail.fr&x=1', '?to=[email]&x=1'],
    ['élodie@mail.fr', '[email]'],
    ['"a@b.fr","c@d.fr"', '"[email]","[email]"'],
    ['2@3.50 and @handle and a@b', '2@3.50 and @handle and a@b'],
  ])('makes %j into %j', (text, masked) => {
    expect(maskEmails(text)).toBe(masked);
  });

  it('stays linear on long texts', () => {
    const text = 'a'.repeat(200_000);
    expect(maskEmails(`${text}@`)).toHaveLength(200_001);
  });
});

describe('cleanAddress', () => {
  const pageOf = (href: string | undefined, keys?: string[]) => cleanAddress(href, keys).page;

  it('keeps origin, path and listed keys, in one order however they came', () => {
    expect(pageOf('https://u:p@x.fr:8443/a/b?z=1&s=n&q=a%20b&q=c#frag', ['q', 's'])).toBe(
      'https://x.fr:8443/a/b?q=a+b&q=c&s=n',
    );
  });
  it('drops the query whole where nothing is listed', () => {
    expect(cleanAddress('https://x.fr/?token=1&pc_link=2&product_id=3&cid=4', [])).toEqual({
      page: 'https://x.fr/',
      campaign: '',
    });
  });
  it('takes a page on which the consent debugger is asked for as the same page', () => {
    expect(cleanAddress('https://x.fr/a?pc_debug&q=1', ['q'])).toEqual(cleanAddress('https://x.fr/a?q=1', ['q']));
  });
  it('keeps apart what tells how the visit came, whatever is listed', () => {
    expect(
      cleanAddress('https://x.fr/?z=1&utm_source=n&xutm_source=m&utm_id=7&pc_code=w7&pc_place=lyon', ['utm_id']),
    ).toEqual({ page: 'https://x.fr/', campaign: 'utm_source=n&utm_id=7&pc_code=w7&pc_place=lyon' });
  });
  it.each(CLICK_IDS)('tells that there is a %s, not which', (key) =>
    expect(cleanAddress(`https://x.fr/?${key}=S3cret`, undefined).campaign).toBe(`${key}=1`),
  );
  it('takes what is empty for absent, as forms carry it along', () => {
    expect(cleanAddress('https://x.fr/?gclid=&utm_source=&pc_code&q=', ['q'])).toEqual({
      page: 'https://x.fr/?q=',
      campaign: '',
    });
  });
  it('gives at most what the wire takes, masked too', () => {
    const many = 'a@b.fr,'.repeat(1_000);
    const { page, campaign } = cleanAddress(`https://x.fr/${many}?utm_content=${many}`, []);
    expect(campaign).toMatch(/^utm_content=a%40b\.fr/);
    expect(maskEmails(`${page}?${campaign}`).length).toBeLessThanOrEqual(LIMITS.urlChars);
  });
  it.each([[undefined], [''], ['/relative']])('gives nothing for %j', (href) => {
    expect(cleanAddress(href, [])).toEqual({ page: '', campaign: '' });
  });
  it('cuts an address that is too long', () => {
    expect(pageOf(`https://x.fr/${'a'.repeat(9_000)}`)).toHaveLength(2_048);
  });
});

describe('serialise', () => {
  it('masks strings at any depth, and leaves JSON whole where an escape stands before an e-mail', () => {
    const text = serialise({ a: ['line\njean@x.fr'], b: { c: 'x@y.fr "quoted"' } });
    expect(JSON.parse(text)).toEqual({ a: ['line\n[email]'], b: { c: '[email] "quoted"' } });
  });
  it('counts bytes, never too few', () => {
    for (const text of ['abc', 'é', '漢', '🛒'])
      expect(byteLength(text)).toBeGreaterThanOrEqual(new TextEncoder().encode(text).length);
    expect(byteLength('abc')).toBe(3);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { giveLink, takeLink } from './cross_domain_address.ts';

describe('the link parameter in an address', () => {
  it.each([
    ['https://shop.com/', 'https://shop.com/?pc_link=T'],
    ['https://shop.com/a?b=1&c', 'https://shop.com/a?b=1&c&pc_link=T'],
    ['https://shop.com/a?b=1#f?x=2', 'https://shop.com/a?b=1&pc_link=T#f?x=2'],
    ['https://shop.com/#a#b', 'https://shop.com/?pc_link=T#a#b'],
    ['https://shop.com/?sig=a%2fb+c&E', 'https://shop.com/?sig=a%2fb+c&E&pc_link=T'],
    ['https://shop.com/?pc_link=OLD&a=1&pc_link=OLDER', 'https://shop.com/?a=1&pc_link=T'],
    ['https://shop.com/?xpc_link=1&pc_linked=2', 'https://shop.com/?xpc_link=1&pc_linked=2&pc_link=T'],
  ])('goes into %s at its end', (href, expected) => {
    expect(giveLink(href, 'T')).toBe(expected);
  });

  it('comes out and leaves the rest letter for letter', () => {
    const part = fc.stringMatching(/^[a-z0-9%+.~_=-]{0,12}$/);
    const address = fc
      .record({ path: part, pairs: fc.option(fc.array(part, { minLength: 1, maxLength: 4 })), hash: fc.option(part) })
      .map(
        ({ path, pairs, hash }) =>
          `https://shop.com/${path}${pairs ? `?${pairs.join('&')}` : ''}${hash ? `#${hash}` : ''}`,
      );
    fc.assert(
      fc.property(address, (href) => {
        expect(takeLink(href)).toEqual([href, undefined]);
        expect(takeLink(giveLink(href, 'A-b_9'))).toEqual([href, 'A-b_9']);
      }),
    );
  });

  it('comes out from any place, the first one told', () => {
    expect(takeLink('https://shop.com/?pc_link=A&b=1#f')).toEqual(['https://shop.com/?b=1#f', 'A']);
    expect(takeLink('https://shop.com/?b=1&pc_link=A&c=2&pc_link=B')).toEqual(['https://shop.com/?b=1&c=2', 'A']);
    expect(takeLink('https://shop.com/?pc_link=#f')).toEqual(['https://shop.com/#f', '']);
    expect(takeLink('https://shop.com/#?pc_link=A')).toEqual(['https://shop.com/#?pc_link=A', undefined]);
  });
});

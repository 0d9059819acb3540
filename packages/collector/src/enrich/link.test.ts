import { describe, expect, it } from 'vitest';
import { readLink } from './link.ts';

describe('readLink', () => {
  it.each([
    ['the own site', 'https://shop.example/a', { link_domain: 'shop.example' }],
    ['a host below it', 'https://pay.shop.example/', { link_domain: 'pay.shop.example' }],
    ['a host that ends alike', 'https://not-shop.example/', { link_domain: 'not-shop.example', outbound: true }],
    ['another site', 'https://other.example/a', { link_domain: 'other.example', outbound: true }],
    ['a file', 'https://shop.example/Guide.PDF', { link_domain: 'shop.example', file_extension: 'pdf' }],
    ['a page', 'https://shop.example/a.html', { link_domain: 'shop.example' }],
    ['a letter', 'mailto:', undefined],
    ['nothing to read', 'http://[', undefined],
  ])('reads %s', (_name, address, expected) => {
    expect(readLink(address, ['shop.example'])).toEqual(expected);
  });
});

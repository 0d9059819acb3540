import { expect, it } from 'vitest';
import { site } from './options.ts';
import { cookieDomainOf } from './visitor_cookie_domain.ts';

it.each([
  [['shop.fr'], 'https://www.shop.fr', 'shop.fr'],
  [['shop.fr'], 'https://shop.fr:8443', 'shop.fr'],
  [['shop.fr', 'shop.com'], 'https://pay.shop.com', 'shop.com'],
  [['shop.fr', 'pro.shop.fr'], 'https://a.pro.shop.fr', 'pro.shop.fr'],
  [['shop.fr'], 'https://othershop.fr', undefined],
  [['shop.fr'], 'https://shop.fr.evil.example', undefined],
  [['shop.fr'], 'null', undefined],
  [['shop.fr'], undefined, undefined],
  [[], 'https://www.shop.fr', undefined],
])('of %j, a page of %s shares %s', (domains, origin, expected) => {
  expect(cookieDomainOf(domains, origin)).toBe(expected);
});

const fault = (settings: object): string | undefined => {
  const parsed = site.safeParse({ id: 'shop', keys: ['pk'], origins: ['https://www.shop.fr'], ...settings });
  const issue = parsed.error?.issues[0];
  return issue && `${issue.path.join('.')}: ${issue.message}`;
};

it.each([
  ['one label, as a public suffix', 'fr', /^cookieDomains\.0: must be a domain of two or more labels/],
  ['an address', '127.0.0.1', /two or more labels/],
  ['a dot in front', '.shop.fr', /two or more labels/],
  ['capitals', 'Shop.fr', /two or more labels/],
  ['a port', 'shop.fr:8787', /two or more labels/],
  ['what would end the attribute', 'shop.fr; Path=/', /two or more labels/],
  ['a domain without a page of the site', 'shop.de', /^cookieDomains\.0: must be the host of one of/],
  ['a host below the pages', 'a.www.shop.fr', /must be the host of one of/],
])('refuses at boot %s', (_name, domain, message) => {
  expect(fault({ cookieDomains: [domain] })).toMatch(message);
});

it('takes the host of a page and each domain above it', () => {
  expect(fault({ cookieDomains: ['www.shop.fr', 'shop.fr'] })).toBeUndefined();
});

it('refuses at boot to keep the parameter of links in addresses', () => {
  expect(fault({ queryKeys: ['size', 'pc_link'] })).toMatch(/^queryKeys\.1: must not be pc_link/);
});

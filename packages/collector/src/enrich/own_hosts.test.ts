import { expect, it } from 'vitest';
import { isOwnHost } from './own_hosts.ts';

it.each([
  ['shop.example', true],
  ['www.shop.example', true],
  ['myshop.example', false],
  ['shop.example.evil.com', false],
  ['', false],
])('with shop.example as own, %j is own: %s', (host, own) => {
  expect(isOwnHost(host, ['other.example', 'shop.example'])).toBe(own);
});

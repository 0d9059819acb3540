import { expect, it } from 'vitest';
import { createAddressMatch, createClientAddress } from './client_address.ts';

it('believes no header unless told to', () => {
  const address = createClientAddress(false);
  expect(address('203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
  expect(address(undefined, '198.51.100.1')).toBeUndefined();
});

it.each([
  [1, '198.51.100.1', '198.51.100.1'],
  [1, '6.6.6.6, 198.51.100.1', '198.51.100.1'],
  [2, '6.6.6.6, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
  [2, '10.0.0.2', '10.0.0.1'],
  [1, undefined, '10.0.0.1'],
  [1, ' , ', '10.0.0.1'],
])('with %i proxies reads "%s" from its end', (hops, forwarded, expected) => {
  expect(createClientAddress(hops)('10.0.0.1', forwarded)).toBe(expected);
});

it.each([
  ['10.0.0.1', '6.6.6.6, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
  ['::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
  ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['10.0.0.1', '10.0.0.3', '10.0.0.3'],
  ['10.0.0.1', undefined, '10.0.0.1'],
  ['10.0.0.1', 'not-an-address', 'not-an-address'],
])('behind listed proxies, %s saying "%s" is %s', (socket, forwarded, expected) => {
  expect(createClientAddress(['10.0.0.0/8', 'fd00::/8'])(socket, forwarded)).toBe(expected);
});

it('matches single addresses and blocks of both families, and no garbage', () => {
  const matches = createAddressMatch(['127.0.0.0/8', '::1', '192.0.2.7']);
  expect(['127.3.2.1', '::1', '192.0.2.7', '::ffff:127.0.0.1'].map(matches)).toEqual([true, true, true, true]);
  expect(['192.0.2.8', '::2', '', 'localhost', '999.1.1.1'].map(matches)).toEqual([false, false, false, false, false]);
});

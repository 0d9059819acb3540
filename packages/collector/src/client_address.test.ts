import { describe, expect, it } from 'vitest';
import { createAddressMatch, createClientAddress } from './client_address.ts';
import type { TrustProxy } from './options.ts';

const VISITOR = '198.51.100.1';
const SPOOF = '6.6.6.6';

interface Topology {
  readonly socket: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default `false`. */
  readonly trust?: TrustProxy;
  readonly addressHeader?: string;
  /** The right address, or none; a wrong one is told by `doctor`, since one request cannot show it. */
  readonly expected: string | undefined;
}

const xff = (text: string) => ({ 'x-forwarded-for': text });

/** How collectors are reached, and how they are misconfigured: the right address or none. */
const TOPOLOGIES: Readonly<Record<string, Topology>> = {
  direct: { socket: VISITOR, expected: VISITOR },
  'direct, the visitor makes up a header': { socket: VISITOR, headers: xff(SPOOF), expected: VISITOR },
  'a proxy that appends': { socket: '10.0.0.1', headers: xff(VISITOR), trust: 1, expected: VISITOR },
  'a proxy that appends, the visitor makes one up': {
    ...{ socket: '10.0.0.1', headers: xff(`${SPOOF}, ${VISITOR}`), trust: 1, expected: VISITOR },
  },
  'a proxy that appends, by its address': {
    ...{ socket: '10.0.0.1', headers: xff(`${SPOOF}, ${VISITOR}`), trust: ['10.0.0.1'], expected: VISITOR },
  },
  'a proxy that replaces': { socket: '10.0.0.1', headers: xff(VISITOR), trust: ['10.0.0.0/8'], expected: VISITOR },
  'a proxy without the header': { socket: '10.0.0.1', trust: 1, expected: undefined },
  'a proxy without the header, by its address': { socket: '10.0.0.1', trust: ['10.0.0.1'], expected: undefined },
  'two proxies': { socket: '10.0.0.1', headers: xff(`${VISITOR}, 10.0.0.2`), trust: 2, expected: VISITOR },
  'two proxies, by their addresses': {
    ...{ socket: '10.0.0.1', headers: xff(`${SPOOF}, ${VISITOR}, 10.0.0.2`), trust: ['10.0.0.0/8'], expected: VISITOR },
  },
  'a CDN, a load balancer and a proxy': {
    ...{ socket: '10.0.0.1', headers: xff(`${SPOOF}, ${VISITOR}, 203.0.113.9, 10.0.0.2`), trust: 3, expected: VISITOR },
  },
  'the same, by their addresses': {
    socket: '10.0.0.1',
    headers: xff(`${SPOOF}, ${VISITOR}, 203.0.113.9, 10.0.0.2`),
    trust: ['10.0.0.0/8', '203.0.113.0/24'],
    expected: VISITOR,
  },
  'only X-Real-IP': {
    ...{
      socket: '10.0.0.1',
      headers: { 'x-real-ip': VISITOR },
      trust: 1,
      addressHeader: 'x-real-ip',
      expected: VISITOR,
    },
  },
  'only X-Real-IP, nothing configured': { socket: '10.0.0.1', headers: { 'x-real-ip': VISITOR }, expected: undefined },
  'only Forwarded': {
    socket: '10.0.0.1',
    headers: { forwarded: `for=${SPOOF};proto=https, for="${VISITOR}:4711";host=shop.example;proto=https` },
    ...{ trust: 1, addressHeader: 'forwarded', expected: VISITOR },
  },
  'only Forwarded, obfuscated': {
    socket: '10.0.0.1',
    headers: { forwarded: 'for=_hidden, for="[2001:db8::1]:80"' },
    ...{ trust: 2, addressHeader: 'forwarded', expected: undefined },
  },
  'a proxy that is not trusted': { socket: '10.0.0.1', headers: xff(VISITOR), expected: undefined },
  'trustProxy too low': {
    socket: '10.0.0.1',
    headers: xff(`${VISITOR}, 10.0.0.2`),
    trust: ['10.0.0.1'],
    expected: undefined,
  },
  'trustProxy higher than the chain is long': {
    socket: '10.0.0.1',
    headers: xff(VISITOR),
    trust: 2,
    expected: undefined,
  },
  'a list that misses the proxy': {
    socket: '172.16.0.1',
    headers: xff(VISITOR),
    trust: ['10.0.0.0/8'],
    expected: undefined,
  },
  'a visitor past the listed proxies': {
    socket: VISITOR,
    headers: xff(SPOOF),
    trust: ['10.0.0.0/8'],
    expected: VISITOR,
  },
  'IPv6 throughout': {
    ...{ socket: 'fd00::1', headers: xff('2001:db8::7, fd00::2'), trust: ['fd00::/8'], expected: '2001:db8::7' },
  },
  'IPv4 written as IPv6': {
    ...{ socket: '::ffff:10.0.0.1', headers: xff(`::ffff:${VISITOR}`), trust: ['10.0.0.0/8'], expected: VISITOR },
  },
  'IPv4 written as IPv6, direct': { socket: `::ffff:${VISITOR}`, expected: VISITOR },
  'a port behind the address': {
    socket: '10.0.0.1',
    headers: xff(`${SPOOF}:1, ${VISITOR}:4711`),
    trust: 1,
    expected: VISITOR,
  },
  'a port behind an IPv6 address': {
    ...{ socket: '10.0.0.1', headers: xff('[2001:db8::7]:4711'), trust: 1, expected: '2001:db8::7' },
  },
  'a proxy that writes "unknown"': {
    socket: '10.0.0.1',
    headers: xff(`${SPOOF}, unknown`),
    trust: 1,
    expected: undefined,
  },
  'an empty header': { socket: '10.0.0.1', headers: xff(' , '), trust: 1, expected: undefined },
  'a visitor of the house, behind the proxy': {
    ...{ socket: '10.0.0.1', headers: xff('10.9.8.7'), trust: ['10.0.0.0/8'], expected: '10.9.8.7' },
  },
  'no socket that has an address': { socket: '', headers: xff(VISITOR), expected: undefined },
};

describe('the right address, or none', () => {
  it.each(Object.entries(TOPOLOGIES))('%s', (_, { socket, headers = {}, trust = false, addressHeader, expected }) => {
    const address = createClientAddress(trust, addressHeader);
    expect(address(socket === '' ? undefined : socket, (name) => headers[name])).toBe(expected);
  });
});

it('cannot be deceived by what a visitor writes, where the proxies are as configured', () => {
  const listed = createClientAddress(['10.0.0.0/8']);
  const counted = createClientAddress(2);
  for (const made of ['', '10.0.0.9, ', `${SPOOF}, `, 'unknown, 10.0.0.1, ', '", ', ',,,', `${SPOOF}:80, [::1]:1, `]) {
    const header = (name: string) => (name === 'x-forwarded-for' ? `${made}${VISITOR}, 10.0.0.2` : undefined);
    expect([listed('10.0.0.1', header), counted('10.0.0.1', header)]).toEqual([VISITOR, VISITOR]);
  }
});

it('matches single addresses and blocks of both families, and no garbage', () => {
  const matches = createAddressMatch(['127.0.0.0/8', '::1', '192.0.2.7']);
  expect(['127.3.2.1', '::1', '192.0.2.7', '::ffff:127.0.0.1'].map(matches)).toEqual([true, true, true, true]);
  expect(['192.0.2.8', '::2', '', 'localhost', '999.1.1.1', '127.1'].map(matches)).toEqual(Array(6).fill(false));
});

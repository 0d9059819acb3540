import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exemptIpPrefix, ipPrefix } from './ip.ts';

describe('ipPrefix', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['0.0.0.0', '0.0.0.0/24'],
    ['255.255.255.255', '255.255.255.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:DB8:0001::', '2001:db8:1::/48'],
    ['2001:db8::5', '2001:db8::/48'],
    ['2001:0:5::9', '2001:0:5::/48'],
    ['::1', '::/48'],
    ['fe80::1%eth0', 'fe80::/48'],
  ])('cuts %s to %s', (address, prefix) => {
    expect(ipPrefix(address)).toBe(prefix);
  });

  it.each([
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['::ffff:cb00:714d', '203.0.113.0/24'],
    ['2002:cb00:714d::1', '203.0.113.0/24'],
  ])('cuts IPv4 inside IPv6 as IPv4: %s', (address, prefix) => {
    expect(ipPrefix(address)).toBe(prefix);
  });

  it.each([
    '',
    'unknown',
    '203.0.113',
    '203.0.113.256',
    '0x7f.1',
    '2130706433',
    '203.0.113.77:443',
    '[::1]',
    '1::2::3',
  ])('leaves garbage out: %j', (address) => {
    expect(ipPrefix(address)).toBeUndefined();
  });

  it('never throws and never keeps the host part', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (address) => {
        const prefix = ipPrefix(address);
        if (prefix === undefined) return;
        expect(prefix).toMatch(/\.0\/24$|::\/48$/);
        expect(ipPrefix(prefix.slice(0, prefix.indexOf('/')))).toBe(prefix);
      }),
    );
  });
});

describe('exemptIpPrefix', () => {
  it.each([
    ['203.0.113.77', '203.0.0.0/16'],
    ['255.255.255.255', '255.255.0.0/16'],
    ['::ffff:203.0.113.77', '203.0.0.0/16'],
    ['::ffff:cb00:714d', '203.0.0.0/16'],
    ['2002:cb00:714d::1', '203.0.0.0/16'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ])('cuts %s to %s', (address, prefix) => {
    expect(exemptIpPrefix(address)).toBe(prefix);
  });

  it('tells the same of a whole IPv4 /16, however the address is written, and nothing of what is no address', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255), (a, b, c, d) => {
        const hex = (high: number, low: number): string => ((high << 8) | low).toString(16);
        const written = [
          `${a}.${b}.${c}.${d}`,
          `::ffff:${a}.${b}.${c}.${d}`,
          `::ffff:${hex(a, b)}:${hex(c, d)}`,
          `2002:${hex(a, b)}:${hex(c, d)}::1`,
        ];
        expect(new Set(written.map(exemptIpPrefix))).toEqual(new Set([`${a}.${b}.0.0/16`]));
        expect(exemptIpPrefix(`${a}.${b}.${c}.${d}:443`)).toBeUndefined();
      }),
    );
  });
});

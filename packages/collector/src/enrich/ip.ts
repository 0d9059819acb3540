import ipaddr from 'ipaddr.js';

/**
 * The network of an address: IPv4 cut to /24, IPv6 to /48, so that what is stored points at no one household.
 * An IPv4 address inside IPv6 (mapped, or 6to4, whose /48 would hold all of it) is cut as IPv4.
 *
 * Garbage, an address with a port, and IPv4 in other than four decimal parts give undefined. Never throws.
 * Sources: RFC 4291 2.5.5.2 (mapped), RFC 3056 2 (6to4), RFC 5952 (text form).
 *
 * @example ipPrefix('203.0.113.77') // '203.0.113.0/24'
 * @example ipPrefix('2001:db8:1:2::3') // '2001:db8:1::/48'
 */
export const ipPrefix = (address: string): string | undefined => prefixOf(address, 24);

/**
 * The same for what is told without consent: IPv4 cut to /16, two of its parts, IPv6 to /48. Source: CNIL, self-assessment of
 * audience measurement (at least the last part; two are what its readers ask for).
 *
 * @example exemptIpPrefix('203.0.113.77') // '203.0.0.0/16'
 */
export const exemptIpPrefix = (address: string): string | undefined => prefixOf(address, 16);

function prefixOf(address: string, bits: 16 | 24): string | undefined {
  const cut4 = ([a, b, c]: readonly (number | string)[]): string => `${a}.${b}.${bits === 24 ? c : 0}.0/${bits}`;
  const four = FOUR_PARTS.exec(address);
  if (four) return four.slice(1).every((part) => Number(part) <= 255) ? cut4(four.slice(1)) : undefined;
  if (!ipaddr.IPv6.isValid(address)) return undefined;
  const { parts } = ipaddr.IPv6.parse(address);
  const [first = 0, second = 0, third = 0] = parts;
  if (isMapped(parts)) return cut4(octets(parts[6] ?? 0, parts[7] ?? 0));
  if (first === 0x2002) return cut4(octets(second, third));
  return `${new ipaddr.IPv6([first, second, third, 0, 0, 0, 0, 0]).toString()}/48`;
}

/** Decimal parts without leading zeros, which some read as octal. */
const FOUR_PARTS = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

const octets = (high: number, low: number): number[] => [high >> 8, high & 255, low >> 8, low & 255];

const isMapped = (parts: readonly number[]): boolean =>
  parts[5] === 0xffff && parts.slice(0, 5).every((part) => part === 0);

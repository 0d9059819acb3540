import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { plainAddress, readForwarded, splitList } from './forwarded.ts';
import type { TrustProxy } from './options.ts';

type Block = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** A request's header by lower-case name. */
export type ReadHeader = (name: string) => string | undefined;

/** A client's address for a socket's address and the request's headers: the right one, or none. */
export type ClientAddress = (socketAddress: string | undefined, header: ReadHeader) => string | undefined;

/** The header that proxies append to, unless another is named. */
export const ADDRESS_HEADER = 'x-forwarded-for';

/** Headers in which proxies tell who asked: any of them shows that the socket is a proxy's. */
export const ADDRESS_HEADERS = [
  ...[ADDRESS_HEADER, 'forwarded', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip', 'fastly-client-ip'],
  ...['x-client-ip', 'x-cluster-client-ip', 'fly-client-ip', 'x-azure-clientip'],
] as const;

/**
 * Tells a client's address from the socket's and from the header that proxies write it to, taking the header only from
 * proxies that are trusted: the first entry is whatever the client wrote, so the list is read from its end.
 *
 * None where what should be there is not, or is no address: the address of a proxy would put every visitor into one place.
 *
 * @param addressHeader `x-forwarded-for`, `forwarded` (RFC 7239), or one that holds a single address
 */
export function createClientAddress(trust: TrustProxy, addressHeader: string = ADDRESS_HEADER): ClientAddress {
  const hopsOf = (header: ReadHeader): string[] => {
    const text = header(addressHeader);
    if (text === undefined) return [];
    if (addressHeader === 'forwarded') return readForwarded(text);
    return addressHeader === ADDRESS_HEADER ? splitList(text) : [text];
  };
  if (trust === false) return ownAddress;
  if (typeof trust === 'number') {
    const isList = addressHeader === ADDRESS_HEADER || addressHeader === 'forwarded';
    return (_socketAddress, header) => {
      const hops = hopsOf(header);
      // With n proxies, the n-th entry from the end was written by the outermost of them. A single address has no place.
      const at = isList ? hops.length - trust : 0;
      return visitorAt(hops, at);
    };
  }
  const isTrusted = createAddressMatch(trust);
  return (socketAddress, header) => {
    if (socketAddress === undefined || !isTrusted(socketAddress)) return ownAddress(socketAddress, header);
    const hops = hopsOf(header);
    let at = hops.length - 1;
    while (at > 0 && isTrusted(plainAddress(hops[at]) ?? '')) at -= 1;
    return visitorAt(hops, at);
  };
}

/** The address at a place of the list. One of the house, with others named before it, is a proxy that is not accounted for. */
function visitorAt(hops: readonly string[], at: number): string | undefined {
  const address = at < 0 ? undefined : plainAddress(hops[at]);
  return address !== undefined && at > 0 && isWithin(address) ? undefined : address;
}

/**
 * The socket's own address, with nothing believed. Where it is not a public one though a header tells of a proxy, it is that
 * proxy's, and says nothing of the client.
 */
const ownAddress: ClientAddress = (socketAddress, header) => {
  const address = plainAddress(socketAddress);
  if (address === undefined) return undefined;
  const isProxied = ADDRESS_HEADERS.some((name) => header(name) !== undefined);
  return isProxied && isWithin(address) ? undefined : address;
};

/** Ranges of addresses that no visitor has who comes over the internet (RFC 1918, 4193, 6598 and the like). */
const WITHIN: ReadonlySet<string> = new Set(['private', 'loopback', 'linkLocal', 'uniqueLocal', 'carrierGradeNat']);

const isWithin = (address: string): boolean => WITHIN.has(ipaddr.parse(address).range());

/** Whether an address lies in one of the blocks; an IPv4 address written as IPv6 is read as IPv4. */
export function createAddressMatch(blocks: readonly string[]): (address: string) => boolean {
  const parsed = blocks.map((block): Block => {
    if (block.includes('/')) return ipaddr.parseCIDR(block);
    const address = ipaddr.parse(block);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  });
  return (address) => {
    if (isIP(address) === 0) return false;
    const read = ipaddr.process(address);
    return parsed.some(([base, bits]) => base.kind() === read.kind() && read.match(base, bits));
  };
}

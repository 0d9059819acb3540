import ipaddr from 'ipaddr.js';
import type { TrustProxy } from './options.ts';

type Block = [ipaddr.IPv4 | ipaddr.IPv6, number];

/**
 * Tells a client's address from the socket's and from `X-Forwarded-For`, taking the header only from proxies that are
 * trusted: the first entry is whatever the client wrote, so the list is read from its end.
 */
export function createClientAddress(
  trust: TrustProxy,
): (socketAddress: string | undefined, forwardedFor: string | undefined) => string | undefined {
  if (trust === false) return (socketAddress) => socketAddress;
  if (typeof trust === 'number') {
    return (socketAddress, forwardedFor) => {
      const hops = splitList(forwardedFor);
      // With n proxies, the n-th entry from the end was written by the outermost of them.
      return hops.at(-trust) ?? socketAddress;
    };
  }
  const isTrusted = createAddressMatch(trust);
  return (socketAddress, forwardedFor) => {
    let client = socketAddress;
    const hops = splitList(forwardedFor);
    while (client !== undefined && isTrusted(client) && hops.length > 0) client = hops.pop();
    return client;
  };
}

/** Whether an address lies in one of the blocks; an IPv4 address written as IPv6 is read as IPv4. */
export function createAddressMatch(blocks: readonly string[]): (address: string) => boolean {
  const parsed = blocks.map((block): Block => {
    if (block.includes('/')) return ipaddr.parseCIDR(block);
    const address = ipaddr.parse(block);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  });
  return (address) => {
    if (!ipaddr.isValid(address)) return false;
    const read = ipaddr.process(address);
    return parsed.some(([base, bits]) => base.kind() === read.kind() && read.match(base, bits));
  };
}

const splitList = (header: string | undefined): string[] =>
  header === undefined
    ? []
    : header
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '');

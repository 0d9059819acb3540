import { isIP } from 'node:net';

/** The entries of `X-Forwarded-For`, in order. */
export const splitList = (header: string): string[] =>
  header
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** The `for` of each element of `Forwarded` (RFC 7239, 4), in order; an element without one is `unknown`. */
export function readForwarded(header: string): string[] {
  return (header.match(ELEMENT) ?? [])
    .map((element) => element.trim())
    .filter((element) => element !== '')
    .map((element) => {
      const [, quoted, plain] = FOR.exec(element) ?? [];
      return quoted?.replace(/\\(.)/g, '$1') ?? plain ?? 'unknown';
    });
}

/** What stands between commas that are not quoted. */
const ELEMENT = /(?:"(?:[^"\\]|\\.)*"|[^,"])+/g;
const FOR = /(?:^|;)\s*for\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;,\s]+))/i;

/**
 * An address as it may stand in such a header, in plain form: without port (some load balancers add the client's), brackets,
 * or zone, and IPv4 as itself where it is written as IPv6. Undefined for what is none: `unknown`, a name, an obfuscated `_id`.
 */
export function plainAddress(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  // Nearly always.
  if (isIP(text) === 4) return text;
  const [, bracketed, withPort] = /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/.exec(text) ?? [];
  const address = (bracketed ?? withPort ?? text).replace(/%.*$/, '');
  const family = isIP(address);
  if (family === 0) return undefined;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped ?? (family === 6 ? address.toLowerCase() : address);
}

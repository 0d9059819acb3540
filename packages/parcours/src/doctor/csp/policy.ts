import { createHash } from 'node:crypto';
import parsePolicy from 'content-security-policy-parser';

/** A Content Security Policy of a page. */
export interface Policy {
  readonly directives: ReadonlyMap<string, readonly string[]>;
  /** Enforced, or only reported. */
  readonly isEnforced: boolean;
}

/** The policies of a header's values: each may hold several, with commas between (CSP 3, 2.2.2). */
export const policiesOf = (values: readonly string[], isEnforced: boolean): readonly Policy[] =>
  values
    .flatMap((value) => value.split(','))
    .map((text) => ({ directives: parsePolicy(text), isEnforced }))
    .filter(({ directives }) => directives.size > 0);

/** A script of a page, as a policy judges it. */
export interface ScriptOfPage {
  /** Absent for one whose text is in the page. */
  readonly src?: URL;
  readonly text: string;
  readonly nonce: string;
  readonly integrity: string;
}

/** The directive that governs scripts, or connections (CSP 3, 6.8.3); its name and sources, or nothing where all is allowed. */
export function governing(
  { directives }: Policy,
  kind: 'script' | 'connect',
): { readonly name: string; readonly sources: readonly string[] } | undefined {
  const names = kind === 'script' ? ['script-src-elem', 'script-src', 'default-src'] : ['connect-src', 'default-src'];
  const name = names.find((each) => directives.has(each));
  return name === undefined ? undefined : { name, sources: directives.get(name) ?? [] };
}

/** Whether a policy lets a script of the page run (CSP 3, 6.7.1.1 and, for text in the page, 6.7.3.3). */
export function allowsScript(sources: readonly string[], script: ScriptOfPage, page: URL): boolean {
  const has = (keyword: string): boolean => sources.some((source) => source.toLowerCase() === `'${keyword}'`);
  if (script.nonce !== '' && sources.includes(`'nonce-${script.nonce}'`)) return true;
  if (!script.src) return allowsText(sources, script.text, has);
  if (isOfHash(sources, script.integrity)) return true;
  // A script that the parser finds is not trusted by another one: it needs a nonce or a hash.
  if (has('strict-dynamic')) return false;
  return allowsAddress(sources, script.src, page);
}

/** Whether a source list lets an address be asked (CSP 3, 6.7.2.7). */
export const allowsAddress = (sources: readonly string[], address: URL, page: URL): boolean =>
  sources.some((source) => matches(source, address, page));

const NONCE_OR_HASH = /^'(nonce-.+|sha(256|384|512)-.+)'$/i;

function allowsText(sources: readonly string[], text: string, has: (keyword: string) => boolean): boolean {
  const isHashed = sources.some((source) => {
    const [, algorithm = '', digest] = /^'(sha(?:256|384|512))-([\w+/=-]+)'$/i.exec(source) ?? [];
    if (digest === undefined) return false;
    const made = createHash(algorithm.toLowerCase()).update(text).digest('base64');
    return made === digest.replaceAll('-', '+').replaceAll('_', '/');
  });
  if (isHashed) return true;
  const isOverruled = has('strict-dynamic') || sources.some((source) => NONCE_OR_HASH.test(source));
  return has('unsafe-inline') && !isOverruled;
}

/** Every digest of the tag must stand in the policy. */
function isOfHash(sources: readonly string[], integrity: string): boolean {
  const digests = integrity.split(/\s+/).filter((digest) => digest !== '');
  return digests.length > 0 && digests.every((digest) => sources.includes(`'${digest}'`));
}

/** `*`, `'self'`, a scheme, or a host with scheme, port and path as it likes (CSP 3, 6.7.2.8). */
function matches(source: string, address: URL, page: URL): boolean {
  if (source === '*') return isWeb(address.protocol) || address.protocol === page.protocol;
  if (source.toLowerCase() === "'self'") {
    const isUpgrade = page.protocol === 'http:' && address.protocol === 'https:' && portOf(page) === '80';
    return (
      address.origin === page.origin || (isUpgrade && address.hostname === page.hostname && portOf(address) === '443')
    );
  }
  const scheme = /^([a-z][a-z0-9+.-]*):$/i.exec(source)?.[1];
  if (scheme !== undefined) return isOfScheme(`${scheme.toLowerCase()}:`, address.protocol);
  const host = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::(\d+|\*))?(\/.*)?$/i.exec(
    source,
  );
  if (!host) return false;
  const [, given, name = '', port, path] = host;
  const wanted = given === undefined ? page.protocol : `${given.toLowerCase()}:`;
  if (!isOfScheme(wanted, address.protocol)) return false;
  return (
    isOfHost(name.toLowerCase(), address.hostname) &&
    isOfPort(port, wanted, address) &&
    isOfPath(path, address.pathname)
  );
}

const isWeb = (protocol: string): boolean => ['http:', 'https:', 'ws:', 'wss:'].includes(protocol);

/** A safer scheme than the one named is as good (6.7.2.9). */
const isOfScheme = (wanted: string, given: string): boolean =>
  wanted === given || (wanted === 'http:' && given === 'https:');

const isOfHost = (pattern: string, host: string): boolean =>
  pattern === '*' || (pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern);

/** 6.7.2.11: no port is the scheme's own, and 80 is met by 443 where the scheme was upgraded. */
function isOfPort(port: string | undefined, wanted: string, address: URL): boolean {
  const given = portOf(address);
  if (port === '*') return true;
  if (port === undefined) return given === (address.protocol === 'https:' ? '443' : '80');
  return port === given || (port === '80' && given === '443' && isOfScheme(wanted, address.protocol));
}

const portOf = (url: URL): string => url.port || (url.protocol === 'https:' ? '443' : '80');

/** 6.7.2.12: a path that ends in a slash is a folder, any other one file. */
const isOfPath = (pattern: string | undefined, path: string): boolean => {
  if (pattern === undefined || pattern === '/') return true;
  const wanted = decodeURIComponent(pattern);
  return wanted.endsWith('/') ? decodeURIComponent(path).startsWith(wanted) : decodeURIComponent(path) === wanted;
};

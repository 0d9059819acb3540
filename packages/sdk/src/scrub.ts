import { LIMITS } from '@parcours/protocol';

/**
 * A text with each e-mail shape, percent-encoded or not, replaced by `[email]`.
 *
 * Only a first net that spares the network a plain e-mail: the full scrubber runs in the collector.
 * The part before the @ is bounded, as in RFC 5321 (4.5.3.1.1), so that long texts stay linear.
 */
export const maskEmails = (text: string): string =>
  text.replace(/[^\s@"'<>(),:;/?&=#]{1,64}(@|%(25)*40)[^\s@"'<>(),:;/?&=#]+\.[a-z]{2,}/gi, '[email]');

/** Whether a text may hold an e-mail: cheap, and true too often. */
export const hasEmail = (text: string): boolean => /@|%(25)*40/.test(text);

/**
 * An address as it may be sent: origin, path and the listed query keys; no fragment, no user. Without a list the keys of
 * campaigns stay, `utm_…`. At most half of the wire's limit, since masking may lengthen it. Empty where it is not an
 * absolute URL.
 */
export function cleanUrl(href: string | undefined, queryKeys: readonly string[] | undefined): string {
  try {
    const url = new URL(href!);
    const kept = [...url.searchParams].filter(([key]) => queryKeys?.includes(key) ?? /^utm_/.test(key));
    // Sorted: the same page whatever the order of its keys.
    url.search = `${new URLSearchParams(kept.sort())}`;
    url.hash = url.username = url.password = '';
    return url.href.slice(0, LIMITS.urlChars / 2);
  } catch {
    return '';
  }
}

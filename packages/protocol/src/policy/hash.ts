import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Policy } from '../consent/policy.ts';

/** Characters of a policy's hash: 132 bits. */
const HASH_CHARS = 22;

/**
 * What a policy is called on every stamp and receipt: of its content as it was written, whatever the order of its keys and
 * the space between them (RFC 8785). `$schema` is for editors and does not count.
 *
 * @returns 22 characters, base64url
 */
export function policyHash({ $schema, ...content }: Policy): string {
  return createHash('sha256')
    .update(canonicalize(content) as string)
    .digest('base64url')
    .slice(0, HASH_CHARS);
}

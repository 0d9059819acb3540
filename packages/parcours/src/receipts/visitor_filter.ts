import { type Receipt, subjectOf } from '@parcours/store/receipts';

/** Tells whether a receipt is a visitor's, by the hash of his id on the receipt's own site: one hash a site. */
export function isOfVisitor(key: Uint8Array, visitorId: string): (receipt: Receipt) => boolean {
  const subjects = new Map<string, string>();
  return ({ site, subject }) => {
    const known = subjects.get(site) ?? subjectOf(key, site, visitorId);
    subjects.set(site, known);
    return known === subject;
  };
}

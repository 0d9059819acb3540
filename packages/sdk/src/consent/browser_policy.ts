import type { BrowserPolicy } from '@parcours/protocol';

/** Whether a value may be a site's policy. What is wrong in one that only looks so shows when it is used. */
export const isPolicy = (value: unknown): value is BrowserPolicy => {
  const { hash, purposes, events, fields, gpc } = Object(value) as Partial<BrowserPolicy>;
  return !!(hash && events && fields) && typeof hash === 'string' && [purposes, gpc].every(Array.isArray);
};

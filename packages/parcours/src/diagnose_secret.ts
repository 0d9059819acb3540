import { createHmac } from 'node:crypto';

/** What signs diagnostic requests: a key of its own, so that what is signed with it can be nothing else. */
export const diagnoseSecretOf = (admin: string): Uint8Array => createHmac('sha256', admin).update('diagnose').digest();

import type { Answer } from './answer.ts';

/** An answer as a fetch-API response. A 204 may not have a body, not even an empty one. */
export const toResponse = ({ status, headers, body }: Answer): Response =>
  new Response(body === '' ? null : body, { status, headers });

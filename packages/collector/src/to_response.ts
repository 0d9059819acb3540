import type { Answer } from './answer.ts';

/** What is behind a response of ours, where it is a 500. */
const faults = new WeakMap<Response, unknown>();

/** An answer as a fetch-API response. A 204 may not have a body, not even an empty one. */
export function toResponse({ status, headers, body, cookies = [], fault }: Answer): Response {
  const response = new Response(body === '' ? null : body, { status, headers });
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  if (fault !== undefined) faults.set(response, fault);
  return response;
}

export const faultOf = (response: Response): unknown => faults.get(response);

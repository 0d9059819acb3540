import type { Scope } from './scope.ts';

/** A request without an answer is given up. */
const HANGING_MS = 30_000;

/** Safari has it from 16 on; without it a request may hang as long as the browser lets it. */
export const timeout = (ms: number): AbortSignal =>
  (AbortSignal as unknown as { timeout?: (ms: number) => AbortSignal }).timeout?.(ms) as AbortSignal;

/** Sends a batch, so that it may outlive the page. */
export const post = (scope: Scope, endpoint: string, body: string): Promise<Response> =>
  scope.fetch(endpoint, {
    method: 'POST',
    // A text body goes as text/plain, which needs no preflight.
    body,
    keepalive: true,
    credentials: 'include',
    referrerPolicy: 'strict-origin',
    signal: timeout(HANGING_MS),
  });

import { LONGEST_VISIBLE_MS, retryDelay } from './retry.ts';
import { listenUntil, type Scope } from './scope.ts';

/**
 * Makes an attempt that is repeated until it says `true`: later and later, at most 30 s apart, and when the network is back. The first part of
 * it runs within the call. Only one is under way at a time: who calls meanwhile gets its outcome, and who calls while it waits for
 * its next time gets nothing, so that however many call no more is sent. Never rejects.
 */
export function insist(
  attempt: () => Promise<boolean>,
  { scope, signal }: { readonly scope: Scope; readonly signal: AbortSignal },
): () => Promise<boolean> | undefined {
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<boolean> | undefined;

  const run = async (): Promise<boolean> => {
    clearTimeout(timer);
    const isDone = await attempt().catch(() => false);
    running = undefined;
    failures = isDone ? 0 : failures + 1;
    if (failures && !signal.aborted) timer = setTimeout(go, retryDelay(failures, LONGEST_VISIBLE_MS, 0));
    return isDone;
  };

  const go = (): Promise<boolean> => (running ??= run());

  signal.addEventListener('abort', () => clearTimeout(timer));
  listenUntil(signal)(scope, 'online', () => failures && go());
  return () => (failures ? running : go());
}

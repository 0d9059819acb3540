/**
 * Keeps an answer for a while and lets everybody who asks meanwhile share it: however many pages are open, the tables are
 * asked once.
 *
 * @param now ms
 */
export function kept<T>(ask: () => Promise<T>, ms: number, now: () => number): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let askedAt = 0;
  return () => {
    if (answer === undefined || now() - askedAt >= ms) {
      askedAt = now();
      answer = ask();
      // A failure is told to whoever waits for it, and not kept.
      answer.catch(() => {
        answer = undefined;
      });
    }
    return answer;
  };
}

/** Whether everything is asked for (`npm run test:full`), or one main way of each (`npm test`). */
export const isFull = process.env.TEST_FULL === 'yes';

/**
 * The cases of a test of which `npm test` goes only the first `main`, and `npm run test:full` all. For what is heavy and
 * differs little from case to case; put first whatever goes through most of our own code. A file that calls this stands
 * among `IN_BOTH` of vitest.config.ts.
 */
export const mainOrAll = <T>(all: readonly T[], { main }: { readonly main: number }): readonly T[] =>
  isFull ? all : all.slice(0, main);

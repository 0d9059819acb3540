/** Bytes that are gone through without a pause: some milliseconds' work. */
export const STRETCH_BYTES = 1024 * 1024;

/**
 * Lets whatever waits have its turn. Loading goes through tens of megabytes; a console that shares the process answers
 * between two stretches of it.
 */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

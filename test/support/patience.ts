/** How long a test waits for what a process, a browser or a disk is to do, ms. On a busy machine that is late; only what never comes takes so long. */
export const PATIENCE_MS = 30_000;

import { type Listen, listenUntil } from '../scope.ts';

/** Gives a `listen` for what happens anywhere in the page, heard before the page's own listeners; until the signal. */
export const captureUntil = (signal: AbortSignal): Listen => listenUntil(signal, true);

import type { EventMap } from '@parcours/protocol';
import { captureUntil } from './capture.ts';
import { clip } from './clip.ts';
import type { ObserverContext } from './observer.ts';

/** What the page did not catch, as an `error` says it. */
export type Fault = EventMap['error'];

const MESSAGE_CHARS = 300;

/** Characters of a script's address, as the protocol's `script` takes them. */
const SCRIPT_CHARS = 500;

/**
 * No errors of the page: notices of the browser (Resize Observer 3.4.3, "deliver resize loop error"), and what the
 * visitor's own extensions do.
 */
const FOREIGN = /^ResizeObserver loop|^[a-z-]+-extension:/;

/**
 * Hears errors and rejections that the page did not catch; not failed images and scripts. The message goes with e-mail
 * shapes masked and the addresses in it without query and fragment.
 */
export const onUncaught = ({ scope, signal }: ObserverContext, heard: (fault: Fault) => void): void => {
  const listen = captureUntil(signal);
  const hear = (error: Partial<Error> | undefined, said: unknown, where: Omit<Fault, 'message'>): void => {
    const message = String(error?.message || said);
    if (FOREIGN.test(message) || FOREIGN.test(where.script ?? '')) return;
    heard({
      message: clip(message.replace(/(\w:\/\/[^\s?#]+)[?#]\S*/g, '$1'), MESSAGE_CHARS),
      name: error?.name && clip(String(error.name), 100),
      ...where,
    });
  };

  listen<ErrorEvent>(scope, 'error', ({ error, message, filename, lineno, colno }) => {
    // The failure of an element is an event on that element, without a message.
    if (message)
      hear(error, message, {
        script: clip(filename.replace(/[?#].*/, ''), SCRIPT_CHARS) || undefined,
        line: lineno || undefined,
        column: colno || undefined,
      });
  });
  listen<PromiseRejectionEvent>(scope, 'unhandledrejection', ({ reason }) => hear(reason, reason, {}));
};

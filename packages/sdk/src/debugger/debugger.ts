import type { Observer } from '../observers/observer.ts';
import { createLedger } from './ledger.ts';
import { createPanel, type Panel } from './panel.ts';
import { reportOf } from './report.ts';
import { en } from './texts/en.ts';
import { fr } from './texts/fr.ts';
import { viewOf } from './view.ts';

export interface DebuggerOptions {
  /** Language of the panel, BCP 47: French where it begins with `fr`, else English. Default: the page's, or the browser's. */
  readonly language?: string | undefined;
}

/** The query key that asks for the panel. Present is enough; it is no part of the page's address for the tracker. */
const ASKED_BY = 'pc_debug';

/** Steps of a moment are shown together, ms. */
const SHOW_MS = 50;

/** A policy mostly comes within a second. Where it does not for so long, whoever asked is told what is waited for. */
const PATIENCE_MS = 10_000;

/**
 * The consent debugger: shows on the page the choice as it stands, and of each event whether it is held, queued, sent or
 * refused, and why. Only where the address has `?pc_debug` and the site's policy says `"debug": true`; else one line on the
 * console tells which is missing. It writes nothing to the device and sends nothing.
 *
 *     createTracker({ endpoint, site, key, observers: [pageViews, createDebugger()] });
 */
export const createDebugger =
  ({ language: wanted }: DebuggerOptions = {}): Observer =>
  ({ trace, scope, signal }) => {
    const { document, location, navigator } = scope;
    if (!document?.documentElement || !location) return;
    const missing = (what: string): void => console.info(`[parcours] consent debugger: ${what}`);
    if (!new URL(location.href).searchParams.has(ASKED_BY)) return missing(`the address has no ?${ASKED_BY}`);
    if (!trace) return missing('the tracker is of an older version');

    const language = wanted || document.documentElement.lang || navigator?.language || '';
    const texts = /^fr(?![a-z])/i.test(language) ? fr : en;
    const since = Date.now();
    const ledger = createLedger();
    let panel: Panel | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;

    const view = (isPrivate: boolean) => {
      const isGpc = !!(navigator as { globalPrivacyControl?: boolean } | undefined)?.globalPrivacyControl;
      return viewOf(state(), ledger, { texts, isGpc, isPrivate });
    };

    const show = (): void => {
      timer = undefined;
      const now = state();
      if (isOver || now.policy === undefined) return;
      if (!now.policy?.debug) {
        isOver = true;
        panel?.remove();
        missing(now.policy ? 'the policy of the site does not say "debug": true' : 'the site has no policy');
        return;
      }
      // What the parser has not come to yet would stand behind the panel.
      if (document.readyState === 'loading') {
        document.addEventListener('DOMContentLoaded', show, { once: true, signal });
        return;
      }
      ledger.settle(now);
      panel ??= createPanel({ document, texts, since, report: () => reportOf(view(true), texts, since) });
      panel.show(view(false));
    };

    const patience = setTimeout(() => {
      if (state().policy === undefined) missing('the policy of the site is not there yet');
    }, PATIENCE_MS);
    const state = trace((step) => {
      if (isOver || signal.aborted) return;
      ledger.hear(step);
      timer ??= setTimeout(show, SHOW_MS);
    });
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      clearTimeout(patience);
      isOver = true;
      panel?.remove();
    });
  };

/** The consent debugger in the page's language. */
export const consentDebugger: Observer = createDebugger();

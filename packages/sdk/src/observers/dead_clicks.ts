import { captureUntil } from './capture.ts';
import { clickableOf, FIELDS } from './clickable.ts';
import { elementPath, elementsOf } from './element_path.ts';
import type { Observer } from './observer.ts';

/** What counts as dead. */
export interface DeadClickOptions {
  /** For how long nothing must happen, in ms. Default: 2,500, as in PostHog. */
  readonly waitMs?: number | undefined;
  /** Requests that are no answer to a click, by their address. Default: the tracker's own alone. */
  readonly ignoredRequests?: RegExp | undefined;
}

/** What answers in its own way, or elsewhere: drawings, downloads, other windows. */
const ANSWERS = `${FIELDS},canvas,[download],[target]:not([target=_self])`;

/**
 * What shows that something happened. They are heard from the press on, since menus often open before the click.
 * `beforeunload` comes when a page is asked for, long before `pagehide` if the server is slow; `invalid`: the browser
 * shows what is wrong in a form; `toggle`: a popover, a dialog or details.
 */
const SIGNS = 'scroll toggle invalid play pause copy beforeunload pagehide popstate visibilitychange'.split(' ');

/** The page was at work for so long in the task of the click, or had a dialog open: no visitor answers one sooner. */
const BUSY_MS = 200;

/**
 * Clicks after which nothing happened, as `dead_click`: on a button, on a link that leads nowhere, or where the cursor
 * is a hand. Something happened if the document or an open shadow root around the click changed, or there was a scroll,
 * a navigation, a selection, another focus, a dialog, 200 ms of work, or a request by `fetch` or XHR that was answered in
 * time. Left out: fields, links to other pages, clicks with a modifier key, by keyboard or by script.
 *
 * What comes by chance, such as a clock in the page, hides a dead click. One is told too many where the only answer is a
 * request that takes longer than the wait (browsers tell of it when it is over), or a change in a shadow root elsewhere.
 *
 * Nothing is watched but the press of a pointer; the document only from a press until its click is judged.
 */
export const createDeadClicks =
  ({ waitMs = 2_500, ignoredRequests }: DeadClickOptions = {}): Observer =>
  ({ track, endpoint, scope, signal }) => {
    const { document, location } = scope;
    if (!document || !location) return;
    const listen = captureUntil(signal);
    /** Clicks that wait for their judgement, and as `undefined` the last press. */
    const waiting = new Map<Element | undefined, ReturnType<typeof setTimeout>>();
    let watch: AbortController | undefined;
    let pressed: readonly EventTarget[] = [];
    let pressedAt = 0;

    const alive = (): void => {
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
      watch?.abort();
      watch = undefined;
      changes.disconnect();
      requests?.disconnect();
    };

    const changes = new MutationObserver(alive);
    const requests =
      globalThis.PerformanceObserver &&
      new PerformanceObserver((list) => {
        for (const { name, initiatorType, startTime } of list.getEntries() as PerformanceResourceTiming[])
          if (
            /^(fetch|xml)/.test(initiatorType) &&
            startTime > pressedAt &&
            name !== endpoint &&
            !ignoredRequests?.test(name)
          )
            alive();
      });

    const begin = (): void => {
      watch = new AbortController();
      const heard = captureUntil(watch.signal);
      for (const sign of SIGNS) heard(scope, sign, alive);
      // Another window, an app or a dialog has the focus now. Of an element it says only that the press took it away.
      heard(scope, 'blur', ({ target }) => (target as Node).nodeType || alive());
      heard(document, 'focusin', (event) => pressed.includes(event.composedPath()[0]!) || alive());
      heard(document, 'selectionchange', () => document.getSelection()?.type === 'Range' && alive());
      requests?.observe({ type: 'resource' });
    };

    const wait = (element: Element | undefined, judged?: () => void): void => {
      clearTimeout(waiting.get(element));
      const end = (): void => {
        waiting.delete(element);
        judged?.();
        if (!waiting.size) alive();
      };
      waiting.set(element, setTimeout(end, waitMs));
    };

    listen(document, 'pointerdown', (event) => {
      pressed = event.composedPath();
      pressedAt = performance.now();
      if (!watch) begin();
      // A document's observer sees nothing of what is in its shadow roots.
      for (const root of pressed as Node[])
        if (root.nodeType === Node.DOCUMENT_NODE || root.nodeType === Node.DOCUMENT_FRAGMENT_NODE)
          changes.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
      wait(undefined);
    });

    listen<MouseEvent>(document, 'click', (event) => {
      const elements = elementsOf(event);
      const path = clickableOf(elements);
      const element = path[0] ?? elements[0];
      const isHeld = event.ctrlKey || event.shiftKey || event.altKey || event.metaKey;
      if (!watch || !element || !event.detail || isHeld || waiting.has(element)) return;
      if (elements.some((one) => one.matches(ANSWERS)) || (path[0] ? leads(path[0], location) : !isHand(element)))
        return;
      const dead = elementPath(path[0] ? path : elements);
      const since = performance.now();
      setTimeout(() => performance.now() - since > BUSY_MS && alive());
      wait(element, () => track('dead_click', { element: dead, waited_ms: waitMs }));
    });

    signal.addEventListener('abort', alive);
  };

/** Dead clicks by PostHog's rule, with requests as signs of life. */
export const deadClicks: Observer = (context) => createDeadClicks()(context);

/** Whether a link leads to another page or app. One to a place in this page, or to a script, need not do anything. */
const leads = (element: Element, { href }: Location): boolean => {
  const link = element.getAttribute('href');
  if (link === null || /^javascript:/i.test(link)) return false;
  const [page, place] = new URL(link, element.baseURI).href.split('#');
  return place === undefined || page !== href.split('#')[0];
};

const isHand = (element: Element): boolean => getComputedStyle(element).cursor === 'pointer';

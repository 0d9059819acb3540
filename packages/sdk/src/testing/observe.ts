import type { Observer, ObserverContext } from '../observers/observer.ts';
import { createPage } from './page.ts';

/** What an observer recorded: type and properties. */
export type Seen = [type: string, props: Record<string, unknown> | undefined];

/** Starts an observer on the present document, without a tracker. */
export function observe(observer: Observer, scope = createPage().scope(), context: Partial<ObserverContext> = {}) {
  const seen: Seen[] = [];
  const life = new AbortController();
  observer({
    track: (type, props) => seen.push([type, props]),
    view: () => {},
    consent: (() => 'pending') as never,
    visitorId: () => undefined,
    giveUp: () => {},
    trace: () => () => ({ step: 'state', status: 'pending', held: [], queued: [] }),
    endpoint: 'https://collect.example/v1/events',
    ...context,
    scope,
    signal: life.signal,
  });
  return { seen, stop: () => life.abort() };
}

/** Clicks with a pointer on what the selector finds, or on an element in a shadow root: press, then click. No link is followed. */
export function click(target: string | Element, init: MouseEventInit = {}, type = 'click'): void {
  const element = typeof target === 'string' ? document.querySelector(target)! : target;
  const common = { bubbles: true, composed: true, cancelable: true, detail: 1, ...init };
  for (const event of [new MouseEvent('pointerdown', common), new MouseEvent(type, common)]) {
    Object.defineProperty(event, 'timeStamp', { value: performance.now() });
    element.addEventListener(type, (heard) => heard.preventDefault(), { once: true });
    element.dispatchEvent(event);
  }
}

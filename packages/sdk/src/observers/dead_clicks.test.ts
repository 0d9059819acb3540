import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { click, observe } from '../testing/observe.ts';
import { pass } from '../testing/page.ts';
import { createDeadClicks, deadClicks } from './dead_clicks.ts';

let seen: ReturnType<typeof observe>['seen'];
let stop: () => void;

/** The browser's list of requests, which happy-dom has not: `requested` adds one, to whoever observes. */
const observers = new Set<(list: unknown) => void>();
class Requests {
  private readonly heard: (list: unknown) => void;
  constructor(heard: (list: unknown) => void) {
    this.heard = heard;
  }
  observe() {
    observers.add(this.heard);
  }
  disconnect() {
    observers.delete(this.heard);
  }
}
const requested = (name: string, startTime = performance.now(), initiatorType = 'fetch'): void => {
  for (const heard of observers) heard({ getEntries: () => [{ name, startTime, initiatorType }] });
};

const BUTTON = '<main><button type="button" id="t">x</button></main><dialog></dialog>';
const dead = (element = 'main > button#t') => [['dead_click', { element, waited_ms: 2_500 }]];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('PerformanceObserver', Requests);
  document.body.innerHTML = BUTTON;
  ({ seen, stop } = observe(deadClicks));
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('dead clicks', () => {
  it('are told when nothing has happened for 2.5 s', async () => {
    click('#t');
    await pass(2_499);
    expect(seen).toEqual([]);
    await pass(1);
    expect(seen).toEqual(dead());
  });

  it.each<[string, () => void]>([
    ['an element came', () => document.querySelector('main')!.append('new')],
    ['an attribute changed', () => document.querySelector('main')!.setAttribute('class', 'open')],
    ['a text changed', () => (document.querySelector('#t')!.firstChild!.nodeValue = 'y')],
    ['a box was scrolled', () => document.querySelector('main')!.dispatchEvent(new Event('scroll'))],
    ['a popover opened', () => document.querySelector('main')!.dispatchEvent(new Event('toggle'))],
    ['a form was found wrong', () => document.querySelector('main')!.dispatchEvent(new Event('invalid'))],
    ['a page was asked for', () => window.dispatchEvent(new Event('beforeunload'))],
    ['the address changed', () => window.dispatchEvent(new Event('popstate'))],
    ['another window came up', () => window.dispatchEvent(new Event('blur'))],
    ['the page was hidden', () => document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))],
    ['the focus moved', () => document.querySelector('dialog')!.dispatchEvent(new Event('focusin', { bubbles: true }))],
    [
      'a text was selected',
      () => {
        vi.spyOn(document, 'getSelection').mockReturnValue({ type: 'Range' } as Selection);
        document.dispatchEvent(new Event('selectionchange'));
      },
    ],
    ['a request was answered', () => requested('https://shop.example/cart')],
  ])('are none where %s', async (_name, happen) => {
    click('#t');
    await pass(2_000);
    happen();
    await pass(5_000);
    expect(seen).toEqual([]);
  });

  it('are none where something happened between press and click, as menus do that open at the press', async () => {
    const button = document.querySelector('#t')!;
    button.addEventListener('pointerdown', () => button.setAttribute('aria-expanded', 'true'));
    button.dispatchEvent(new MouseEvent('pointerdown', { bubbles: true, composed: true }));
    await pass(1);
    button.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, detail: 1 }));
    await pass(5_000);
    expect(seen).toEqual([]);
  });

  it('are none where the page was held up, as by a dialog', async () => {
    const now = performance.now.bind(performance);
    let held = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now() + held);
    document.querySelector('#t')!.addEventListener('click', () => {
      held = 300;
    });
    click('#t');
    await pass(5_000);
    expect(seen).toEqual([]);
  });

  it.each<[string, () => void]>([
    [
      'the press took the focus',
      () => document.querySelector('#t')!.dispatchEvent(new Event('focusin', { bubbles: true })),
    ],
    ['the press took it from a field', () => document.querySelector('main')!.dispatchEvent(new Event('blur'))],
    ['the press took a selection away', () => document.dispatchEvent(new Event('selectionchange'))],
    ['the tracker told of the click', () => requested('https://collect.example/v1/events')],
    ['a request came back that was under way', () => requested('https://shop.example/poll', performance.now() - 9_000)],
    ['a picture came', () => requested('https://shop.example/a.png', performance.now(), 'img')],
  ])('are told although %s', async (_name, happen) => {
    click('#t');
    await pass(100);
    happen();
    await pass(5_000);
    expect(seen).toEqual(dead());
  });

  it('see what happens in the shadow root that was clicked in', async () => {
    document.body.innerHTML = '<x-box></x-box>';
    const root = document.querySelector('x-box')!.attachShadow({ mode: 'open' });
    root.innerHTML = '<button type="button">x</button>';
    const button = root.querySelector('button')!;
    click(button);
    await pass(5_000);
    expect(seen).toEqual(dead('x-box > button'));
    button.addEventListener('click', () => button.append('!'));
    click(button);
    await pass(5_000);
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['a link that leads nowhere', '<a href="#" id="t">x</a>', {}, 1],
    ['a link to a script', '<a href="javascript:void(0)" id="t">x</a>', {}, 1],
    ['a hand', '<p id="t" style="cursor:pointer">x</p>', {}, 1],
    ['plain text', '<p id="t">x</p>', {}, 0],
    ['a link to another page', '<a href="/other" id="t">x</a>', {}, 0],
    ['a link to an app', '<a href="tel:1" id="t">x</a>', {}, 0],
    ['a link to another window', '<a href="#" target="_blank" id="t">x</a>', {}, 0],
    ['a download', '<a href="#" download id="t">x</a>', {}, 0],
    ['a field', '<input id="t">', {}, 0],
    ['a video', '<video id="t" style="cursor:pointer"></video>', {}, 0],
    ['what is to be ignored', `<div data-pc-ignore>${BUTTON}</div>`, {}, 0],
    ['a button, with a key held', BUTTON, { ctrlKey: true }, 0],
    ['a button, by keyboard or script', BUTTON, { detail: 0 }, 0],
  ])('on %s: %#', async (_name, html, init, count) => {
    document.body.innerHTML = html;
    click('#t', init);
    await pass(5_000);
    expect(seen).toHaveLength(count);
  });

  it('are told once for clicks that wait together', async () => {
    for (let index = 0; index < 3; index++) click('#t');
    await pass(5_000);
    expect(seen).toEqual(dead());
  });

  it('wait as long as they are told to', async () => {
    stop();
    ({ seen, stop } = observe(createDeadClicks({ waitMs: 7_000, ignoredRequests: /cart/ })));
    click('#t');
    requested('https://shop.example/cart');
    await pass(6_999);
    expect(seen).toEqual([]);
    await pass(1);
    expect(seen).toMatchObject([['dead_click', { waited_ms: 7_000 }]]);
  });

  it('watch the document only while one waits, and nothing after the stop', async () => {
    const observing = vi.spyOn(MutationObserver.prototype, 'observe');
    const disconnecting = vi.spyOn(MutationObserver.prototype, 'disconnect');
    expect(observers.size).toBe(0);
    click('#t');
    expect(observing).toHaveBeenCalled();
    expect(observers.size).toBe(1);
    await pass(2_500);
    expect(disconnecting).toHaveBeenCalled();
    expect(observers.size).toBe(0);
    click('#t');
    stop();
    await pass(5_000);
    expect(observers.size).toBe(0);
    expect(seen).toHaveLength(1);
  });
});

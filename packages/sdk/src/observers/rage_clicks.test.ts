import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { click, observe } from '../testing/observe.ts';
import { pass, setHidden } from '../testing/page.ts';
import { createRageClicks, rageClicks } from './rage_clicks.ts';

let seen: ReturnType<typeof observe>['seen'];
let stop: () => void;

/** So many clicks on `#t`, each so many ms and px after the one before; then the burst is over. */
const clicking = async (count: number, ms = 100, px = 0, init: MouseEventInit = {}) => {
  for (let index = 0; index < count; index++) {
    click('#t', { clientX: index * px, ...init });
    await pass(ms);
  }
  await pass(1_000);
  return seen;
};

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = '<main><button id="t"><i></i></button></main>';
  setHidden(false);
  ({ seen, stop } = observe(rageClicks));
});
afterEach(() => {
  stop();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('rage clicks', () => {
  it.each([
    [2, 100, 0, []],
    [3, 100, 0, [3]],
    [7, 100, 0, [7]],
    [3, 999, 0, [3]],
    [3, 1_000, 0, []],
    [3, 100, 29, [3]],
    [3, 100, 30, []],
  ])('of %i clicks, %i ms and %i px apart, are %j', async (count, ms, px, told) => {
    expect((await clicking(count, ms, px)).map(([type, props]) => [type, props?.count])).toEqual(
      told.map((count) => ['rage_click', count]),
    );
  });

  it('are told on what was clicked first', async () => {
    expect(await clicking(3)).toEqual([['rage_click', { element: 'main > button#t', count: 3 }]]);
  });

  it('are told once a burst', async () => {
    await clicking(3);
    await clicking(4);
    expect(seen.map(([, props]) => props?.count)).toEqual([3, 4]);
  });

  it('end with a click elsewhere', async () => {
    for (let index = 0; index < 3; index++) click('#t');
    click('#t', { clientX: 500 });
    expect(seen).toMatchObject([['rage_click', { count: 3 }]]);
  });

  it.each([
    ['hidden', () => setHidden(true)],
    ['left', () => window.dispatchEvent(new Event('pagehide'))],
  ])('are told at once when the page is %s, and not again', async (_name, leave) => {
    for (let index = 0; index < 3; index++) click('#t');
    expect(seen).toEqual([]);
    leave();
    expect(seen).toHaveLength(1);
    await pass(2_000);
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['a field', '<input id="t">'],
    ['a number', '<input type="number" id="t">'],
    ['a choice', '<label id="t">M</label>'],
    ['a button beside a number', '<p><button type="button" id="t">+</button><input type="number"></p>'],
    ['a carousel', '<section aria-roledescription="carousel"><button id="t">Next</button></section>'],
    ['what is said to be stepped through', '<div data-pc-steps><button id="t">Next</button></div>'],
    ['what is to be ignored', '<div data-pc-ignore><button id="t">x</button></div>'],
  ])('are not those on %s', async (_name, html) => {
    document.body.innerHTML = html;
    expect(await clicking(4)).toEqual([]);
  });

  it.each([
    ['a submit beside a number', '<form><input type="number"><button id="t">Pay</button></form>'],
    ['a button far from a number', '<p><input type="number"></p><button type="button" id="t">x</button>'],
    ['an input that submits', '<form><input type="submit" id="t"></form>'],
    ['text', '<p id="t">x</p>'],
  ])('are those on %s', async (_name, html) => {
    document.body.innerHTML = html;
    expect(await clicking(4)).toMatchObject([['rage_click', { count: 4 }]]);
  });

  it('are not those that select text', async () => {
    document.body.innerHTML = '<p id="t">Three clicks take a paragraph</p>';
    vi.spyOn(document, 'getSelection').mockReturnValue({ type: 'Range' } as Selection);
    expect(await clicking(3)).toEqual([]);
  });

  it('are not those of a key that is held', async () => {
    expect(await clicking(9, 30, 0, { detail: 0 })).toEqual([]);
  });

  it('have limits of their own where they are given', async () => {
    stop();
    ({ seen, stop } = observe(createRageClicks({ clicks: 5, withinMs: 300, withinPx: 5 })));
    await clicking(4, 100, 4);
    await clicking(5, 300, 4);
    await clicking(5, 100, 5);
    expect(seen).toEqual([]);
    await clicking(5, 299, 4);
    expect(seen).toMatchObject([['rage_click', { count: 5 }]]);
  });

  it('are not told after the stop', async () => {
    for (let index = 0; index < 3; index++) click('#t');
    stop();
    await pass(2_000);
    expect(seen).toEqual([]);
  });
});

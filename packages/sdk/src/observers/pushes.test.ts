import { describe, expect, it, vi } from 'vitest';
import { bridge, type DataLayerPage } from '../testing/data_layer.ts';
import { observe } from '../testing/observe.ts';
import { createPage, setHidden } from '../testing/page.ts';
import { createDataLayer, dataLayer } from './data_layer.ts';

const trapped = (): never => {
  throw new Error('a trap');
};
const TRAP = new Proxy([], { get: trapped, getPrototypeOf: trapped, ownKeys: trapped });
const JUNK = [null, 0, 'a', true, () => {}, Symbol('s'), [], [[]], new Date(), document.body, undefined, 1n, TRAP];

describe('onPush, of the data layer,', () => {
  it('tells what it held before, in order, then what comes', () => {
    const { page, seen } = bridge(undefined, [{ event: 'gtm.js' }, { event: 'a' }, { event: 'b' }]);
    page.dataLayer.push({ event: 'c' });
    expect(seen.map(([type]) => type)).toEqual(['a', 'b', 'c']);
  });

  it('takes several at a push, and answers as before', () => {
    const { page, seen } = bridge();
    expect(page.dataLayer.push({ event: 'a' }, { event: 'b' })).toBe(2);
    expect(page.dataLayer).toHaveLength(2);
    expect(seen.map(([type]) => type)).toEqual(['a', 'b']);
  });

  it('lets others patch before and after, and tells each push once', () => {
    const past: unknown[] = [];
    const before = vi.fn();
    const native = past.push;
    past.push = (...entries) => {
      before(...entries);
      native.apply(past, entries);
      return 7;
    };
    const { page, seen, stop } = bridge(undefined, past);
    const ours = page.dataLayer.push;
    page.dataLayer.push = (...entries) => ours.apply(page.dataLayer, entries);
    expect(page.dataLayer.push({ event: 'a' })).toBe(7);
    expect(before).toHaveBeenCalledOnce();
    expect(seen).toHaveLength(1);
    const theirs = page.dataLayer.push;
    stop();
    expect(page.dataLayer.push).toBe(theirs);
    page.dataLayer.push({ event: 'b' });
    expect(before).toHaveBeenCalledTimes(2);
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['inherited', [] as unknown[]],
    ['its own', Object.assign([] as unknown[], { push: () => 0 })],
  ])('has a push that was %s put back at the stop', (_name, past) => {
    const { push } = past;
    const isOwn = Object.hasOwn(past, 'push');
    const { stop } = bridge(undefined, past);
    expect(past.push).not.toBe(push);
    stop();
    expect(past.push).toBe(push);
    expect(Object.hasOwn(past, 'push')).toBe(isOwn);
  });

  it('is made where there is none', () => {
    const scope = createPage().scope() as Partial<DataLayerPage>;
    const { seen } = observe(dataLayer, scope as never);
    scope.dataLayer?.push({ event: 'a' });
    expect(seen).toEqual([['a', {}]]);
  });

  it('may have another name', () => {
    const scope = Object.assign(createPage().scope(), { dataLayer: [{ event: 'a' }], layer: [{ event: 'b' }] });
    const { seen } = observe(createDataLayer({ name: 'layer' }), scope);
    expect(seen).toEqual([['b', {}]]);
  });

  it.each(['load', 'pagehide'])('that the page replaces is found at %s, and not told twice', (moment) => {
    const { page, seen } = bridge(undefined, [{ event: 'a' }]);
    page.dataLayer = [...page.dataLayer, { event: 'b' }];
    window.dispatchEvent(new Event(moment));
    page.dataLayer.push({ event: 'c' });
    window.dispatchEvent(new Event(moment));
    expect(seen.map(([type]) => type)).toEqual(['a', 'b', 'c']);
  });

  it('tells late what was pushed past us', () => {
    const { page, seen } = bridge();
    Array.prototype.push.call(page.dataLayer, { event: 'a' });
    expect(seen).toEqual([]);
    setHidden(true);
    setHidden(false);
    expect(seen).toEqual([['a', {}]]);
  });

  it.each([
    ['null', null],
    ['a text', 'dataLayer'],
    ['a number', 7],
    ['a function', () => {}],
    ['an object', {}],
    ['junk', JUNK],
    ['a frozen array', Object.freeze([{ event: 7 }])],
    ['a sealed push', Object.defineProperty([], 'push', { value: () => 3, writable: false })],
    ['a trap', TRAP],
  ])('that is %s breaks nothing', (_name, past) => {
    expect(() => bridge(undefined, past).stop()).not.toThrow();
  });

  it('takes any junk that is pushed, and answers as before', () => {
    const { page, seen } = bridge();
    expect(page.dataLayer.push(...JUNK)).toBe(JUNK.length);
    expect(page.dataLayer.every((entry, index) => Object.is(entry, JUNK[index]))).toBe(true);
    expect(seen).toEqual([]);
  });

  it('that is frozen is still read', () => {
    expect(bridge(undefined, Object.freeze([{ event: 'a' }])).seen).toEqual([['a', {}]]);
  });

  it('that cannot be read breaks nothing', () => {
    const scope = Object.defineProperty(createPage().scope(), 'dataLayer', {
      get() {
        throw new Error('a getter');
      },
    });
    expect(() => observe(dataLayer, scope).stop()).not.toThrow();
  });
});

import { expect, it } from 'vitest';
import { changesId, repair } from './repair.ts';

const item = { type: 'purchase', props: { currency: 'euro', items: [{ price: 1 }, { price: 2 }] } };

it('sets what a path leads to, as JSON where it is JSON, and leaves the item that was given alone', () => {
  const set = ['props.currency=EUR', 'props.items[1].price=12.5', 'keys.order_id="17"', 'note=a=b', 'empty='];
  expect(repair(item, { set })).toEqual({
    type: 'purchase',
    props: { currency: 'EUR', items: [{ price: 1 }, { price: 12.5 }] },
    keys: { order_id: '17' },
    note: 'a=b',
    empty: '',
  });
  expect(item.props.currency).toBe('euro');
});

it('merges a patch before it sets', () => {
  const patch = { props: { currency: null, items: [] }, seq: 1 };
  expect(repair(item, { set: ['seq=2'], patch })).toEqual({ type: 'purchase', props: { items: [] }, seq: 2 });
});

it.each(['no path', '=EUR', 'type.name=x', '__proto__.polluted=1', 'props.constructor.prototype.polluted=1'])(
  'refuses %j with one line that says it',
  (set) => {
    expect(() => repair(item, { set: [set] })).toThrow(set);
    expect({}).not.toHaveProperty('polluted');
  },
);

it('takes nothing of a patch into what all objects share', () => {
  const patch: unknown = JSON.parse(
    '{"__proto__":{"polluted":1},"props":{"constructor":{"prototype":{"polluted":1}}}}',
  );
  repair(item, { set: [], patch });
  expect({}).not.toHaveProperty('polluted');
});

it.each([
  [{ set: ['event_id=x'] }, true],
  [{ set: [], patch: { event_id: 'x' } }, true],
  [{ set: ['props.event_id=x', 'type=event_id=1'], patch: { props: { event_id: 'x' } } }, false],
  [{ set: [], patch: null }, false],
])('knows of %j whether it changes the id', (changes, expected) => {
  expect(changesId(changes)).toBe(expected);
});

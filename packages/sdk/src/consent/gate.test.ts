import { describe, expect, it } from 'vitest';
import { createDrops } from '../drops.ts';
import { createGate, HOLD_LIMITS } from './gate.ts';

function setUp() {
  const passed: string[] = [];
  const drops = createDrops();
  let denials = 0;
  const gate = createGate<{ name: string; bytes: number }>(
    (events) => passed.push(...events.map(({ name }) => name)),
    () => denials++,
    drops,
  );
  return { passed, drops, gate, denials: () => denials };
}

const event = (name: string, bytes = 100) => ({ name, bytes });

describe('consent gate', () => {
  it('holds while pending, and releases once, by the first grant', () => {
    const { gate, passed } = setUp();
    gate.add(event('a'));
    expect(passed).toEqual([]);
    gate.decide('granted');
    gate.decide('granted');
    gate.add(event('b'));
    expect(passed).toEqual(['a', 'b']);
  });

  it('never passes what was seen before or during a denial', () => {
    const { gate, passed, denials } = setUp();
    gate.add(event('before'));
    gate.decide('denied');
    gate.add(event('during'));
    gate.decide('granted');
    expect(passed).toEqual([]);
    expect(denials()).toBe(1);
    expect(gate.status()).toBe('granted');
  });

  it('holds at most 50 events: the oldest goes, counted, but never the first, the landing', () => {
    const { gate, passed, drops } = setUp();
    gate.add(event('landing'));
    gate.add(event('old'));
    for (let index = 0; index < HOLD_LIMITS.events; index++) gate.add(event(`e${index}`));
    gate.decide('granted');
    expect(passed).toHaveLength(HOLD_LIMITS.events);
    expect(passed.slice(0, 2)).toEqual(['landing', 'e1']);
    expect(drops.take()).toEqual([{ code: 'hold_full', count: 2 }]);
  });

  it('holds at most 64 KB', () => {
    const { gate, passed, drops } = setUp();
    gate.add(event('a', 30_000));
    gate.add(event('b', 30_000));
    gate.add(event('c', 30_000));
    gate.decide('granted');
    expect(passed).toEqual(['a', 'c']);
    expect(drops.take()).toEqual([{ code: 'hold_full', count: 1 }]);
  });

  it('holds again once it is pending again, and passes what comes then with the next grant', () => {
    const { gate, passed } = setUp();
    gate.decide('granted');
    gate.add(event('a'));
    gate.decide('pending');
    gate.add(event('b'));
    expect(passed).toEqual(['a']);
    gate.decide('granted');
    expect(passed).toEqual(['a', 'b']);
  });
});

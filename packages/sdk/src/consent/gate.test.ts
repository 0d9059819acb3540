import { describe, expect, it } from 'vitest';
import { createDrops } from '../drops.ts';
import { createGate, HOLD_LIMITS } from './gate.ts';

const stamp = (source = 'manual') => ({ purposes: ['audience'], source, at: '2026-11-22T10:00:00.000Z' });

function setUp() {
  const passed: [string, string][] = [];
  const drops = createDrops();
  let denials = 0;
  const gate = createGate<{ name: string; bytes: number; campaign?: string }>(
    (events, { source }) => passed.push(...events.map(({ name }): [string, string] => [name, source])),
    () => denials++,
    drops,
  );
  return { passed, drops, gate, denials: () => denials };
}

const event = (name: string, bytes = 100, campaign?: string) => ({ name, bytes, ...(campaign && { campaign }) });

describe('consent gate', () => {
  it('holds while pending, and releases once, by the first grant', () => {
    const { gate, passed } = setUp();
    gate.add(event('a'));
    expect(passed).toEqual([]);
    gate.decide(stamp());
    gate.decide(stamp('tcf'));
    gate.add(event('b'));
    expect(passed).toEqual([
      ['a', 'manual'],
      ['b', 'tcf'],
    ]);
  });

  it('never passes what was seen before or during a denial', () => {
    const { gate, passed, denials } = setUp();
    gate.add(event('before'));
    gate.decide(undefined);
    gate.add(event('during'));
    gate.decide(stamp());
    expect(passed).toEqual([]);
    expect(denials()).toBe(1);
    expect(gate.status()).toBe('granted');
  });

  it('holds at most 50 events: the oldest goes, counted, but never the first, the landing', () => {
    const { gate, passed, drops } = setUp();
    gate.add(event('landing'));
    gate.add(event('old'));
    for (let index = 0; index < HOLD_LIMITS.events; index++) gate.add(event(`e${index}`));
    gate.decide(stamp());
    expect(passed).toHaveLength(HOLD_LIMITS.events);
    expect(passed[0]?.[0]).toBe('landing');
    expect(passed[1]?.[0]).toBe('e1');
    expect(drops.take()).toEqual([{ code: 'hold_full', count: 2 }]);
  });

  it('holds at most 64 KB', () => {
    const { gate, passed, drops } = setUp();
    gate.add(event('a', 30_000));
    gate.add(event('b', 30_000));
    gate.add(event('c', 30_000));
    gate.decide(stamp());
    expect(passed.map(([name]) => name)).toEqual(['a', 'c']);
    expect(drops.take()).toEqual([{ code: 'hold_full', count: 1 }]);
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import { createIds } from './event_id.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('createIds', () => {
  it('makes UUIDs of version 7 that carry the time', () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
    const id = createIds()();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.now());
  });

  it('keeps its order within a millisecond and when the clock is set back', () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const newId = createIds();
    const ids = Array.from({ length: 500 }, newId);
    vi.setSystemTime(5);
    ids.push(newId());
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(501);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createIds } from './event_id.ts';
import { createIdentity } from './identity.ts';
import type { Scope } from './scope.ts';

const DAY = 86_400_000;
const AT = '2026-11-22T10:00:00.000Z';
const MARKER = JSON.stringify({ withdrawn: [{ at: AT }] });
const MINUTE = 60_000;
const blocked = {
  get localStorage(): Storage {
    throw new DOMException('blocked', 'SecurityError');
  },
} as Scope;

/** Nothing more may be written: what is there stays, and can be read and removed. */
const full = {
  localStorage: {
    getItem: (key: string) => localStorage.getItem(key),
    removeItem: (key: string) => localStorage.removeItem(key),
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
  },
} as unknown as Scope;

/** Time passes, and what comes is another task. */
const pass = async (ms: number): Promise<void> => {
  vi.advanceTimersByTime(ms);
  await Promise.resolve();
};

const open = (scope: Scope = globalThis) => createIdentity('pc_x', createIds(), scope);

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('identity', () => {
  it('keeps the visitor over pages and tabs', () => {
    const first = open().touch(Date.now(), undefined);
    expect(open().touch(Date.now(), undefined)).toEqual(first);
  });

  it('looks at the storage once in a task, and again in the next', async () => {
    const getItem = vi.fn((key: string) => localStorage.getItem(key));
    const identity = open({ localStorage: { ...full.localStorage, getItem } } as unknown as Scope);
    identity.touch(Date.now(), undefined);
    getItem.mockClear();
    for (let task = 1; task < 4; task++) {
      await pass(5);
      for (let n = 0; n < 100; n++) {
        // A slow device: the clock goes on within the task.
        vi.advanceTimersByTime(1);
        identity.touch(Date.now(), undefined);
      }
      expect(getItem).toHaveBeenCalledTimes(task);
    }
  });

  it('goes on from what another page wrote, where both speak in one task', () => {
    const [here, there] = [open(), open()];
    here.current();
    there.current();
    here.reset();
    const { visitor_id } = here.current();
    here.keep({ withdrawn: [{ at: AT }] });
    // Looks, as whoever decides does, and keeps what it found beside its own.
    expect(there.stored()).toMatchObject({ visitor_id, withdrawn: [{ at: AT }] });
    there.keep({ left: [] });
    expect(open().stored()).toMatchObject({ visitor_id, withdrawn: [{ at: AT }] });
  });

  it('issues a new visitor after 395 days from first issue, used or not', async () => {
    const identity = open();
    const { visitor_id } = identity.current();
    for (let day = 1; day < 395; day++) {
      await pass(DAY);
      expect(identity.touch(Date.now(), undefined).visitor_id).toBe(visitor_id);
    }
    await pass(DAY);
    expect(identity.current().visitor_id).not.toBe(visitor_id);
  });

  it('ends a session after 30 minutes of silence, in any tab', async () => {
    const tab = open();
    const other = open();
    const { session_id } = tab.touch(Date.now(), undefined);
    for (let step = 0; step < 4; step++) {
      await pass(20 * MINUTE);
      expect((step % 2 ? tab : other).touch(Date.now(), undefined).session_id).toBe(session_id);
    }
    await pass(31 * MINUTE);
    expect(tab.touch(Date.now(), undefined).session_id).not.toBe(session_id);
  });

  it('begins a session with a new campaign, and not with the same one', () => {
    const identity = open();
    const first = identity.touch(Date.now(), '&utm_source=a').session_id;
    expect(identity.touch(Date.now(), '&utm_source=a').session_id).toBe(first);
    expect(identity.touch(Date.now(), undefined).session_id).toBe(first);
    expect(identity.touch(Date.now(), '&utm_source=b').session_id).not.toBe(first);
  });

  it('rotates after a reset until a batch that said so is taken, and ignores restored ids meanwhile', () => {
    const identity = open();
    const before = identity.current();
    identity.reset();
    const after = identity.current();
    expect(after.visitor_id).not.toBe(before.visitor_id);
    expect(after.session_id).not.toBe(before.session_id);
    expect(open().current().rotate).toBe(true);
    identity.acknowledged(before, 'restored');
    expect(identity.current()).toEqual(after);
    identity.acknowledged(after, 'restored');
    expect(identity.current().visitor_id).toBe(after.visitor_id);
    expect(identity.current().rotate).toBeUndefined();
  });

  it('goes on with the id that the collector knows', () => {
    const identity = open();
    identity.acknowledged(identity.current(), 'cookie-id');
    expect(open().current().visitor_id).toBe('cookie-id');
  });

  it('works in memory where storage is blocked', () => {
    const identity = open(blocked);
    const { visitor_id } = identity.current();
    expect(identity.touch(Date.now(), undefined).visitor_id).toBe(visitor_id);
    expect(identity.heard()).toBeFalsy();
    identity.erase(AT);
    expect(identity.current().visitor_id).not.toBe(visitor_id);
  });

  it('goes on with its own session where storage is full: what it could not write is not what it reads', async () => {
    open().touch(Date.now(), undefined);
    const identity = open(full);
    await pass(31 * MINUTE);
    const { session_id, visitor_id } = identity.touch(Date.now(), '&utm_source=a');
    for (let minute = 0; minute < 90; minute++) {
      await pass(MINUTE);
      expect(identity.touch(Date.now(), undefined)).toMatchObject({
        session_id,
        visitor_id,
        campaign: '&utm_source=a',
      });
    }
    await pass(31 * MINUTE);
    expect(identity.touch(Date.now(), undefined).session_id).not.toBe(session_id);
  });

  it('hears of another tab where storage is full: of a later choice, of a withdrawal', async () => {
    const other = open();
    other.current();
    const identity = open(full);
    await pass(31 * MINUTE);
    identity.touch(Date.now(), undefined);
    const chosen = { of: 'x', at: Date.now(), granted: [], stamp: '{}' };
    other.keep({ chosen });
    expect(identity.heard()).toBeFalsy();
    await pass(1);
    expect(identity.current().chosen).toEqual(chosen);
    await pass(31 * MINUTE);
    identity.touch(Date.now(), undefined);
    other.erase(AT);
    expect(identity.heard()).toBe(true);
    expect(identity.stored()).toEqual({ withdrawn: [{ at: AT }] });
  });

  it('goes on without the ids that it erased, where storage is too full to say so', () => {
    const { visitor_id } = open().current();
    const identity = open(full);
    expect(identity.erase(AT)).toBe(visitor_id);
    expect(identity.stored()).toEqual({ withdrawn: [{ at: AT }] });
    expect(identity.current().visitor_id).not.toBe(visitor_id);
  });

  it.each(['', 'null', '5', '{}', '{"since":"x"}', 'not json'])('issues anew over a stored %j', (text) => {
    localStorage.setItem('pc_x', text);
    expect(open().current().visitor_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('keeps its ids where the page cleared its storage', () => {
    const identity = open();
    const { visitor_id } = identity.current();
    localStorage.clear();
    expect(identity.current().visitor_id).toBe(visitor_id);
  });

  it('notices that another page erased or replaced its ids, and leaves newer ones alone', async () => {
    const identity = open();
    identity.current();
    expect(identity.heard()).toBeFalsy();
    const other = open();
    other.erase(AT);
    expect(localStorage.getItem('pc_x')).toBe(MARKER);
    expect(identity.heard()).toBe(true);
    await pass(1);
    const newer = other.current();
    // Once: what stands there since was never this page's.
    expect(identity.heard()).toBeFalsy();
    identity.forget();
    expect(open().current().visitor_id).toBe(newer.visitor_id);
    identity.erase(AT);
    expect(localStorage.getItem('pc_x')).toBe(MARKER);
  });

  it('takes a logout in another tab for what it is: another visitor, and no withdrawal', async () => {
    const [here, there] = [open(), open()];
    here.current();
    await pass(MINUTE);
    there.reset();
    const { visitor_id } = there.current();
    expect(here.heard()).toBeFalsy();
    await pass(1);
    expect(here.current().visitor_id).toBe(visitor_id);
  });

  it('notices that ids which it found and never wrote were erased', () => {
    open().touch(Date.now(), undefined);
    const next = open();
    next.touch(Date.now(), undefined);
    expect(next.heard()).toBeFalsy();
    open().erase(AT);
    expect(next.heard()).toBe(true);
  });

  it('goes on with what a new grant has stored where it hears late of the withdrawal before', async () => {
    const late = open();
    late.current();
    const first = open();
    first.erase(AT);
    await pass(1);
    const { visitor_id } = first.current();
    expect(late.heard(MARKER)).toBe(true);
    late.forget();
    expect(late.current().visitor_id).toBe(visitor_id);
  });

  it('does not go on with a refused id: the collector is told to rotate', () => {
    const identity = open();
    identity.current();
    identity.erase(AT);
    expect(identity.current().rotate).toBe(true);
  });
});

import type { ControlState } from './kinds/index.ts';
import type { KeyCreated } from './kinds/key_created.ts';
import { type ControlRecord, compareRecords } from './record.ts';

/** How a key stands: `expiring` still opens, until its time. */
export type KeyState = 'active' | 'expiring' | 'expired' | 'revoked';

export interface ControlKey {
  readonly created: KeyCreated;
  readonly state: KeyState;
  /** When it ended or will end, UTC; absent while nothing says so. */
  readonly ends_at?: string;
}

/** Every key that was ever made, oldest first, as it stands at a time. */
export function keysOf(state: ControlState, now: number): readonly ControlKey[] {
  return [...state.key_created.values()].sort(compareRecords).map((created) => standing(created, state, now));
}

export const isOpen = ({ state }: ControlKey): boolean => state === 'active' || state === 'expiring';

/** When the next key ends by its time, ms since the epoch; undefined where none will. */
export function nextExpiry(state: ControlState, now: number): number | undefined {
  const ends = keysOf(state, now)
    .filter((key) => key.state === 'expiring')
    .map(({ ends_at }) => Date.parse(ends_at as string));
  return ends.length === 0 ? undefined : Math.min(...ends);
}

function standing(created: KeyCreated, state: ControlState, now: number): ControlKey {
  const revoked = state.key_revoked.get(created.key)?.at ?? endedWithSite(created, state)?.at;
  if (revoked !== undefined) return { created, state: 'revoked', ends_at: revoked };
  const ends = [created.expires_at, state.key_expires.get(created.key)?.expires_at].filter((end) => end !== undefined);
  const ends_at = ends.sort()[0];
  if (ends_at === undefined) return { created, state: 'active' };
  return { created, state: Date.parse(ends_at) <= now ? 'expired' : 'expiring', ends_at };
}

function endedWithSite(created: KeyCreated, state: ControlState): ControlRecord | undefined {
  const removed = created.use === 'console' ? undefined : state.site_removed.get(created.site);
  return removed && compareRecords(created, removed) < 0 ? removed : undefined;
}

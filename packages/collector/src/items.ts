import { type EventRecord, type EventResult, LIMITS } from '@parcours/protocol';
import type { Failure } from './failure.ts';

/** Whether an item could be an event at all. */
export const isObject = (item: unknown): item is object =>
  typeof item === 'object' && item !== null && !Array.isArray(item);

/** What the answer tells of a failure. */
export const toldOf = ({ code, path, message }: Failure): Pick<EventResult, 'code' | 'path' | 'message'> => ({
  code,
  ...(path !== '' && { path }),
  message,
});

/** An item that points at its place among the stored stamps: nearly always the one that it was sent with. */
export const at = <T extends object>(item: T, stamp: number): T =>
  (item as { readonly stamp?: unknown }).stamp === stamp ? item : { ...item, stamp };

/** The id as it was sent, if it is short enough to be one. */
export function idOf(item: unknown): string | null {
  const id = isObject(item) ? (item as Partial<EventRecord>).event_id : undefined;
  return typeof id === 'string' && id.length <= 64 ? id : null;
}

/** The type of an item that nothing else is kept of: only a name that could be one. */
export function typeOf(item: unknown): string {
  const type = isObject(item) ? (item as Partial<EventRecord>).type : undefined;
  return typeof type === 'string' && type.length <= LIMITS.typeChars && /^[a-z][a-z0-9_]*$/.test(type) ? type : '';
}

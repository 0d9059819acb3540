/** Gives a new id at each call. */
export type NewId = () => string;

/**
 * UUIDs of version 7 that sort in the order of their making. Ids of one millisecond, or made after the clock was set back,
 * are dated a millisecond after the one before. 74 bits are random. Source: RFC 9562, 5.7 and 6.2.
 */
export function createIds(): NewId {
  let time = 0;
  return () => {
    time = Math.max(time + 1, Date.now());
    const date = time.toString(16).padStart(12, '0');
    return `${date.slice(0, 8)}-${date.slice(8)}-7${randomTail()}`;
  };
}

/** What follows the version in a random UUID. Pages without TLS, such as a shop under test, have no `randomUUID`. */
const randomTail = (): string =>
  crypto.randomUUID?.().slice(15) ?? '000-8000-000000000000'.replace(/0/g, () => Math.random().toString(16)[2]!);

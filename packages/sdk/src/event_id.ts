/** Gives a new id at each call. */
export type NewId = () => string;

/**
 * UUIDs of version 7 that sort in the order of their making. Ids of one millisecond, or made after the clock was set back,
 * are dated a millisecond after the one before. 72 bits are random. Source: RFC 9562, 5.7 and 6.2.
 */
export function createIds(): NewId {
  let time = 0;
  return () => {
    time = Math.max(time + 1, Date.now());
    const date = hex(time, 12);
    const random = Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => hex(byte, 2)).join('');
    return `${date.slice(0, 8)}-${date.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6)}`;
  };
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

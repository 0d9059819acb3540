/**
 * The ids that were accepted lately, so that a retry is told `duplicate` instead of being stored again.
 * A courtesy that saves disk: the loader is what keeps events single. Bounded: the oldest are forgotten.
 */
export interface RecentEvents {
  /** `new`, `known` (on disk), or a promise while another request is storing it: true once it is on disk. */
  look(site: string, id: string): 'new' | 'known' | Promise<boolean>;
  /** Marks ids as being stored; `done` tells how it ended. */
  begin(site: string, ids: readonly string[], done: Promise<boolean>): void;
}

/** An id falls into one of many rows by its bits, and pushes the oldest of its row out. */
const ROW = 8;

/** Four words of the id, and its state: twice the number of its site, from 1, and one more while it is being stored. 0 is an empty place. */
const PLACE = 5;
const STATE = 4;

/** What is being stored by one request. */
interface Storing {
  readonly site: string;
  readonly ids: readonly string[];
  readonly done: Promise<boolean>;
}

/**
 * Ids lie as their 128 bits in one array, never as texts: a memory of texts is five times as large, and every lookup waits for
 * memory several times instead of once.
 *
 * @param rows a power of two; 8 ids, 160 bytes each. Default 65,536, so that the last 200,000 are nearly all known.
 */
export function createRecentEvents(rows = 65_536): RecentEvents {
  const words = new Uint32Array(rows * ROW * PLACE);
  const siteNumbers = new Map<string, number>();
  const inFlight = new Set<Storing>();
  const bits = new Uint32Array(PLACE);

  const stateOf = (site: string): number => {
    const known = siteNumbers.get(site);
    if (known !== undefined) return known;
    siteNumbers.set(site, (siteNumbers.size + 1) * 2);
    return siteNumbers.size * 2;
  };

  /** Reads an id into `bits` and returns where its row begins. */
  const rowOf = (id: string): number => {
    readBits(id, bits);
    const mixed =
      Math.imul(bits[0]! ^ Math.imul(bits[1]!, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(bits[2]!, 0xc2b2ae35) ^ bits[3]!;
    return ((mixed ^ (mixed >>> 16)) & (rows - 1)) * ROW * PLACE;
  };

  /** Where an id lies, whatever its state; -1 if nowhere. */
  const find = (state: number, id: string): number => {
    const row = rowOf(id);
    for (let place = row; place < row + ROW * PLACE; place += PLACE) {
      const isHere =
        words[place] === bits[0] &&
        words[place + 1] === bits[1] &&
        words[place + 2] === bits[2] &&
        words[place + 3] === bits[3] &&
        (words[place + STATE]! | 1) === (state | 1);
      if (isHere) return place;
    }
    return -1;
  };

  const remember = (state: number, id: string): void => {
    const row = rowOf(id);
    bits[STATE] = state;
    words.copyWithin(row + PLACE, row, row + (ROW - 1) * PLACE);
    words.set(bits, row);
  };

  return {
    look(site, id) {
      const place = find(stateOf(site), id);
      if (place < 0) return 'new';
      if ((words[place + STATE]! & 1) === 0) return 'known';
      for (const storing of inFlight) if (storing.site === site && storing.ids.includes(id)) return storing.done;
      return 'new';
    },
    begin(site, ids, done) {
      const state = stateOf(site);
      const storing: Storing = { site, ids, done };
      inFlight.add(storing);
      for (const id of ids) remember(state | 1, id);
      void done.then((stored) => {
        inFlight.delete(storing);
        for (const id of ids) {
          const place = find(state, id);
          // Enough others may have pushed it out meanwhile.
          if (place >= 0) words[place + STATE] = stored ? state : 0;
        }
      });
    },
  };
}

/** The 32 hex digits of a UUID as four words. */
function readBits(id: string, bits: Uint32Array): void {
  let word = 0;
  let digits = 0;
  for (let at = 0; at < id.length; at++) {
    const code = id.charCodeAt(at);
    if (code === 45) continue;
    // Digits are 48 to 57, letters in either case have 1 to 6 in their low bits.
    word = (word << 4) | (code <= 57 ? code - 48 : (code & 7) + 9);
    digits++;
    if ((digits & 7) === 0) bits[(digits >> 3) - 1] = word;
  }
}

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

/** Four words of the id and the number of its site, from 1; 0 is an empty place. */
const PLACE = 5;

/**
 * Ids lie as their 128 bits in one array, never as texts: a memory of texts is five times as large, and every lookup waits for
 * memory several times instead of once.
 *
 * @param rows a power of two; 8 ids, 160 bytes each. Default 65,536, so that the last 200,000 are nearly all known.
 */
export function createRecentEvents(rows = 65_536): RecentEvents {
  const words = new Uint32Array(rows * ROW * PLACE);
  const siteNumbers = new Map<string, number>();
  const storing = new Map<string, { readonly site: string; readonly done: Promise<boolean> }>();
  const bits = new Uint32Array(PLACE);

  /** Reads an id into `bits` and returns where its row begins. */
  const rowOf = (site: string, id: string): number => {
    readBits(id, bits);
    bits[4] = siteNumber(site);
    const mixed = Math.imul(bits[0]! ^ Math.imul(bits[1]!, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(bits[2]!, 0xc2b2ae35) ^ bits[3]!;
    return ((mixed ^ (mixed >>> 16)) & (rows - 1)) * ROW * PLACE;
  };

  const siteNumber = (site: string): number => {
    const known = siteNumbers.get(site);
    if (known !== undefined) return known;
    siteNumbers.set(site, siteNumbers.size + 1);
    return siteNumbers.size;
  };

  const isKnown = (site: string, id: string): boolean => {
    const row = rowOf(site, id);
    for (let place = row; place < row + ROW * PLACE; place += PLACE) {
      if (
        words[place] === bits[0] &&
        words[place + 1] === bits[1] &&
        words[place + 2] === bits[2] &&
        words[place + 3] === bits[3] &&
        words[place + 4] === bits[4]
      ) {
        return true;
      }
    }
    return false;
  };

  const remember = (site: string, id: string): void => {
    const row = rowOf(site, id);
    words.copyWithin(row + PLACE, row, row + (ROW - 1) * PLACE);
    words.set(bits, row);
  };

  return {
    look(site, id) {
      const now = storing.get(id);
      if (now?.site === site) return now.done;
      return isKnown(site, id) ? 'known' : 'new';
    },
    begin(site, ids, done) {
      const state = { site, done };
      for (const id of ids) storing.set(id, state);
      void done.then((stored) => {
        for (const id of ids) {
          // Another site may have begun to store the same id meanwhile.
          if (storing.get(id) === state) storing.delete(id);
          if (stored) remember(site, id);
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

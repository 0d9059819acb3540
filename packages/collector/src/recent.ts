/**
 * The ids that were accepted lately, so that a retry is told `duplicate` instead of being stored again.
 * A courtesy that saves disk: the loader is what keeps events single. Bounded: the oldest are forgotten.
 */
export interface RecentEvents {
  /** Opens the ids of one batch. */
  batch(site: string): RecentBatch;
}

/** The ids of one batch, from the first look until they are on disk. */
export interface RecentBatch {
  /**
   * `new`, and from now on this batch's; `known`: on disk, or taken by this batch before; or a promise while another batch
   * is storing it: true once it is on disk.
   */
  take(id: string): 'new' | 'known' | Promise<boolean>;
  /** The id taken last will not be stored after all. */
  giveBack(): void;
  /** What was taken is being stored; `done` tells how it ended. */
  begin(done: Promise<boolean>): void;
}

/** An id falls into one of many rows by its bits, and takes the place of the oldest of its row. */
const ROW = 8;

/** Words of a place: the four of the id, the number of its site, and the number of the batch that is storing it, 0 once it is on disk. */
const WORDS = 6;
const SITE = 4;
const BATCH = 5;

/**
 * Ids lie as their 128 bits in one array, never as texts. A second, small array has 16 bits of each: an id that was never seen,
 * as nearly all, is told from a quarter of a megabyte that stays near the processor. A `Map` of texts took a tenth of the
 * time of a whole request, most of it waiting for memory.
 *
 * @param rows a power of two; 8 ids, 209 bytes each. Default 16,384, so that the last 50,000 are nearly all known.
 */
export function createRecentEvents(rows = 16_384): RecentEvents {
  const words = new Uint32Array(rows * ROW * WORDS);
  const tags = new Uint16Array(rows * ROW);
  const next = new Uint8Array(rows);
  const siteNumbers = new Map<string, number>();
  const inFlight = new Map<number, Promise<boolean>>();
  const bits = new Uint32Array(SITE);
  let batches = 0;

  const numberOf = (site: string): number => {
    const known = siteNumbers.get(site);
    if (known !== undefined) return known;
    siteNumbers.set(site, siteNumbers.size + 1);
    return siteNumbers.size;
  };

  const isAt = (place: number, site: number): boolean => {
    const at = place * WORDS;
    return (
      words[at] === bits[0] &&
      words[at + 1] === bits[1] &&
      words[at + 2] === bits[2] &&
      words[at + 3] === bits[3] &&
      words[at + SITE] === site
    );
  };

  const write = (place: number, site: number, batch: number): void => {
    const at = place * WORDS;
    words[at] = bits[0]!;
    words[at + 1] = bits[1]!;
    words[at + 2] = bits[2]!;
    words[at + 3] = bits[3]!;
    words[at + SITE] = site;
    words[at + BATCH] = batch;
  };

  return {
    batch(siteName) {
      const site = numberOf(siteName);
      batches = batches === 0xffffffff ? 1 : batches + 1;
      const batch = batches;
      const places: number[] = [];
      return {
        take(id) {
          readBits(id, bits);
          const mixed = mix(bits);
          const tag = mixed >>> 16;
          const row = mixed & (rows - 1);
          const first = row * ROW;
          for (let place = first; place < first + ROW; place++) {
            if (tags[place] !== tag || !isAt(place, site)) continue;
            const owner = words[place * WORDS + BATCH]!;
            if (owner === 0 || owner === batch) return 'known';
            const storing = inFlight.get(owner);
            if (storing) return storing;
          }
          const place = first + next[row]!;
          next[row] = (next[row]! + 1) & (ROW - 1);
          tags[place] = tag;
          write(place, site, batch);
          places.push(place);
          return 'new';
        },
        giveBack() {
          const place = places.pop();
          if (place !== undefined) words[place * WORDS + SITE] = 0;
        },
        begin(done) {
          inFlight.set(batch, done);
          void done.then((stored) => {
            inFlight.delete(batch);
            for (const place of places) {
              const at = place * WORDS;
              // Enough others may have taken its place meanwhile.
              if (words[at + BATCH] !== batch) continue;
              if (stored) words[at + BATCH] = 0;
              else words[at + SITE] = 0;
            }
          });
        },
      };
    },
  };
}

/** Spreads ids whose bits are alike in parts, as those of one minute or one machine are. */
function mix(bits: Uint32Array): number {
  const high = Math.imul(bits[0]! ^ Math.imul(bits[1]!, 0x9e3779b1), 0x85ebca6b);
  const mixed = Math.imul(high ^ Math.imul(bits[2]!, 0xc2b2ae35) ^ bits[3]!, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
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

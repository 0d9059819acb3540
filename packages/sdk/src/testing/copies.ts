/** What one page wrote, on its way to the others. */
interface Write {
  readonly by: number;
  readonly key: string;
  readonly value: string | null;
}

/** How far a write goes next: to the browser, from it into a page's copy, and as an event to the page's scripts. */
export const WAYS = ['arrive', 'receive', 'hear'] as const;
export type Way = (typeof WAYS)[number];

const MAX_ROUNDS = 1_000;

/**
 * One origin's localStorage as Chromium gives it to pages of several processes: each reads and writes a copy of its own at once.
 * Writes reach the browser later, where their order is made; what another page wrote reaches a copy later still, but for a key that
 * the page has itself written since; and its scripts hear of it in a task after that. Nothing goes on by itself: see `go`.
 * Source: Chromium, third_party/blink/renderer/modules/storage/cached_storage_area.cc.
 */
export function createCopies(pages: number) {
  const origin = new Map<string, string>();
  const copies = Array.from({ length: pages }, (_, by) => {
    const target = new EventTarget();
    const own = new Map<string, string>();
    /** Written here, and not yet come back from the browser. */
    const pending: Write[] = [];
    const ways: Record<Way, (() => void)[]> = { arrive: [], receive: [], hear: [] };
    const write = (key: string, value: string | null): void => {
      // Removing nothing is not told.
      if (value === null && !own.has(key)) return;
      set(own, key, value);
      const one = { by, key, value };
      pending.push(one);
      ways.arrive.push(() => arrive(one));
    };
    const storage = {
      getItem: (key) => own.get(key) ?? null,
      setItem: (key, value) => write(key, value),
      removeItem: (key) => write(key, null),
    } as Storage;
    return { target, own, pending, ways, storage };
  });

  const set = (map: Map<string, string>, key: string, value: string | null): void => {
    if (value === null) map.delete(key);
    else map.set(key, value);
  };

  const arrive = (one: Write): void => {
    const { by, key, value } = one;
    const oldValue = origin.get(key) ?? null;
    set(origin, key, value);
    for (const [page, { target, own, pending, ways }] of copies.entries()) {
      ways.receive.push(() => {
        if (page === by) pending.shift();
        else {
          if (!pending.some((mine) => mine.key === key)) set(own, key, value);
          if (oldValue === value) return;
          const told = { key, oldValue, newValue: value };
          ways.hear.push(() => target.dispatchEvent(new StorageEvent('storage', told)));
        }
      });
    }
  };

  const go = (page: number, way: Way): void => copies[page]?.ways[way].shift()?.();

  return {
    pages: copies.map(({ target, storage }) => ({
      localStorage: storage,
      addEventListener: target.addEventListener.bind(target) as Window['addEventListener'],
    })),
    /** Nothing where there is nothing. */
    kept: (key: string): string => origin.get(key) ?? '',
    /** Lets the oldest write of a page's that goes this way go on. */
    go,
    /** Until every page has heard of everything. Pages that answer each other's writes for ever are at fault. */
    settle: (): void => {
      for (let round = 0; copies.some(({ ways }) => WAYS.some((way) => ways[way][0])); round++) {
        if (round === MAX_ROUNDS) throw new Error('pages do not come to rest');
        for (const way of WAYS) for (const page of copies.keys()) go(page, way);
      }
    },
  };
}

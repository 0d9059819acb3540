import type { BatchReply } from '@parcours/protocol';
import type { StoredStamp } from '@parcours/store/log';
import type { NewReceipt } from '@parcours/store/receipts';
import type { Scrubber } from '../scrub/scrub.ts';
import { EMPTY_STAMP, storedStamp } from '../stored_stamp.ts';
import { type Granted, NOBODY } from './batch_consent.ts';

/** The stamps of a batch under which something is kept, and the receipts that they get. */
export interface StampUse {
  /** Something is kept under it: gives its place among the stored stamps. */
  use(granted: Granted): number;
  /** An event is accepted under it, or was before: a choice that is told for the first time gets its receipt. */
  prove(granted: Granted, visitorId: string | undefined): number;
  stored(): StoredStamp[];
  receipts(): readonly NewReceipt[];
  /** The receipts by place of the stamps as sent; undefined where there is none. */
  told(): BatchReply['receipts'];
}

interface Use {
  readonly granted: Granted;
  isProven: boolean;
  /** Whose choice it is where the batch names nobody: the one visitor of its events. */
  visitorId: string | undefined;
}

/** @param receiptOf undefined where no receipts are given */
export function createStampUse(
  count: number,
  {
    scrub,
    receiptOf,
  }: {
    readonly scrub: Scrubber;
    readonly receiptOf: ((granted: Granted, visitorId: string) => NewReceipt) | undefined;
  },
): StampUse {
  /** The first of each stamp; more only where what one stamp permits differs between visitors. */
  const first: (Use | undefined)[] = [];
  const more: Use[] = [];

  const same = (known: Use, { pointer, gate }: Granted): boolean =>
    known.granted.pointer === pointer && known.granted.gate === gate;

  const useOf = (granted: Granted): { readonly use: Use; readonly place: number } => {
    const { pointer } = granted;
    const known = first[pointer];
    if (known && same(known, granted)) return { use: known, place: pointer };
    const use: Use = { granted, isProven: false, visitorId: undefined };
    if (!known) {
      first[pointer] = use;
      return { use, place: pointer };
    }
    const index = more.findIndex((each) => same(each, granted));
    if (index >= 0) return { use: more[index] as Use, place: count + index };
    return { use, place: count + more.push(use) - 1 };
  };

  let made: Map<Use, NewReceipt> | undefined;
  const receipts = (): Map<Use, NewReceipt> => {
    if (made) return made;
    made = new Map();
    if (!receiptOf) return made;
    for (const use of more.length === 0 ? first : [...first, ...more]) {
      if (use?.isProven && use.granted.stamp.receipt === undefined)
        made.set(use, receiptOf(use.granted, use.visitorId ?? NOBODY));
    }
    return made;
  };

  const restOf = (use: Use | undefined): StoredStamp => {
    if (!use) return EMPTY_STAMP;
    const { granted } = use;
    return storedStamp(granted, granted.stamp.receipt ?? receipts().get(use)?.receipt_id, scrub);
  };

  return {
    use: (granted) => useOf(granted).place,
    prove(granted, visitorId) {
      const { use, place } = useOf(granted);
      if (!use.isProven) use.visitorId = visitorId;
      else if (use.visitorId !== visitorId) use.visitorId = undefined;
      use.isProven = true;
      return place;
    },
    stored() {
      const stamps: StoredStamp[] = [];
      for (let pointer = 0; pointer < count; pointer++) stamps.push(restOf(first[pointer]));
      for (const use of more) stamps.push(restOf(use));
      return stamps;
    },
    receipts: () => [...receipts().values()],
    told() {
      if (receipts().size === 0) return undefined;
      return Array.from({ length: count }, (_, pointer) => {
        const use = first[pointer];
        return (use && receipts().get(use)?.receipt_id) ?? null;
      });
    },
  };
}

import { erasedHash, PERSON_KINDS, type SubjectId, TRANSACTION_KINDS } from '@parcours/store/control';
import type { StoredEvent } from '@parcours/store/log';
import { createRecentlyUsed } from '../recently_used.ts';

/** Who was erased on a site, while anybody was: nothing more of them is taken, whatever time it tells. */
export interface ErasedOnSite {
  /** Whether this is the id of a visitor who was erased. */
  visitor(id: string | undefined): boolean;
  /** Whether a row names somebody who was erased; by an order or a session only where it names no person. */
  names(row: NamingRow): boolean;
}

export interface Erased {
  /** Undefined where nobody was erased, so that nothing has to be hashed. */
  on(site: string): ErasedOnSite | undefined;
}

/** What of a row or of a failed item names somebody. */
export type NamingRow = Pick<StoredEvent, 'visitor_id' | 'client_visitor_id' | 'session_id' | 'order_id' | 'keys'>;

/** Ids remembered with their hashes, twice as many at most: a visit sends many events. */
const REMEMBERED = 20_000;
/** Of an id that is remembered. */
const ID_CHARS = 200;

/** @param key `receiptKey`: the same on every collector of a shop */
export function createErased(
  key: Uint8Array,
  {
    isErased,
    hasErased,
  }: { readonly isErased: (site: string, hash: string) => boolean; readonly hasErased: () => boolean },
): Erased {
  const hashes = createRecentlyUsed<string>(REMEMBERED);
  const hashOf = (id: SubjectId): string => {
    const name = `${id.kind} ${id.value}`;
    const known = hashes.get(name);
    if (known !== undefined) return known;
    const made = erasedHash(key, id);
    if (id.value.length <= ID_CHARS) hashes.set(name, made);
    return made;
  };
  return {
    on(site) {
      if (!hasErased()) return undefined;
      const isOne = ({ kind, value }: Named): boolean =>
        typeof value === 'string' && isErased(site, hashOf({ kind, value }));
      return {
        visitor: (value) => isOne({ kind: 'visitor', value }),
        names(row) {
          const people = peopleOf(row).filter(({ value }) => value !== undefined);
          if (people.length > 0) return people.some(isOne);
          return TRANSACTION_KINDS.some((kind) =>
            isOne({ kind, value: kind === 'session' ? row.session_id : row.order_id }),
          );
        },
      };
    },
  };
}

/** Nobody was ever erased: for judgements of rows that the tables check by themselves. */
export const NOBODY_ERASED: Erased = { on: () => undefined };

interface Named {
  readonly kind: SubjectId['kind'];
  readonly value: unknown;
}

/** The names of the join keys that are ids of people. */
const KEYS = {
  customer_id: 'customer_id',
  loyalty_card: 'loyalty_card',
  email: 'email_hmac',
  phone: 'phone_hmac',
} as const;

const peopleOf = ({ visitor_id, client_visitor_id, keys }: NamingRow): readonly Named[] =>
  PERSON_KINDS.flatMap((kind): readonly Named[] =>
    kind === 'visitor'
      ? [visitor_id, client_visitor_id].map((value) => ({ kind, value }))
      : [{ kind, value: keys?.[KEYS[kind]] }],
  );

/** What a failed item names, as it is kept. */
export function namesOfItem(item: string): NamingRow {
  let value: unknown;
  try {
    value = JSON.parse(item);
  } catch {
    return {};
  }
  const { visitor_id, session_id, keys, props } = Object(value) as Record<string, unknown>;
  const order = Object(keys).order_id ?? Object(props).transaction_id;
  return {
    ...(typeof visitor_id === 'string' && { visitor_id }),
    ...(typeof session_id === 'string' && { session_id }),
    ...(typeof order === 'string' && { order_id: order }),
    keys: Object(keys),
  };
}

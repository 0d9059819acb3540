import { PERSON_KINDS, type SubjectId } from '../control/subject_ids.ts';
import type { Engine, ToldTogether } from '../engines/engine.ts';
import { type AskedSubject, startOf } from './asked.ts';
import { SubjectError } from './subject_error.ts';

/** A person as far as the ids of the tables tell. */
export interface SubjectIds {
  readonly asked: AskedSubject;
  /** Ids that name the person, and those of their orders and sessions; the one asked for first. */
  readonly ids: readonly SubjectId[];
  /** Ids beside them that several people use, or somebody else: they were not followed, and what names them alone is left. */
  readonly notFollowed: readonly SubjectId[];
  /** Sites on which they were found. */
  readonly sites: readonly string[];
}

/** Combinations of ids read at a time, and ids of one person: whoever has more is no person. */
const MAX_TOLD = 50_000;
const MAX_IDS = 1_000;
/** E-mails, phones or cards of one browser or contact: with more it is a kiosk, a till or a household. */
const MAX_CONTACTS = 3;

const nameOf = ({ kind, value }: SubjectId): string => `${kind} ${value}`;
const isPerson = ({ kind }: SubjectId): boolean => (PERSON_KINDS as readonly string[]).includes(kind);
const byName = (a: SubjectId, b: SubjectId): number => (nameOf(a) < nameOf(b) ? -1 : 1);

/** What the rows with one id tell beside it. */
interface Beside {
  readonly told: readonly ToldTogether[];
  readonly people: readonly SubjectId[];
}

/**
 * Walks from one id over the rows that tell it to every other id of the same person, both ways, until there is none.
 *
 * It never walks through an id that does not name one person: a browser, contact or card that tells of two customer numbers,
 * or of more than three e-mails, phones or cards, is a place where people meet. Nor does it take in a second customer number.
 * Orders and sessions are taken along and never walked through.
 *
 * @throws SubjectError `bad_id`, `too_many_ids`
 */
export async function findIds(
  engine: Pick<Engine, 'toldBy' | 'visitorsOfReceipt'>,
  asked: AskedSubject,
  joinKey: Uint8Array,
): Promise<SubjectIds> {
  const { site } = asked;
  const start = startOf(asked, joinKey);
  const first = start ? [start] : await ofReceipt(engine, asked);
  const look = async (ids: readonly SubjectId[]): Promise<(id: SubjectId) => Beside> => {
    const told =
      ids.length === 0
        ? []
        : await engine.toldBy({ ids, site, limit: MAX_TOLD, withPeople: start?.kind === 'order_id' && ids === first });
    if (!told) throw tooMany(asked);
    return (id) => besideOf(id, told);
  };

  const mine = new Map<string, SubjectId>();
  const left = new Map<string, SubjectId>();
  const transactions = new Map<string, SubjectId>();
  const sites = new Set<string>();
  let customer: string | undefined;
  let frontier = first;
  while (frontier.length > 0) {
    const beside = await look(frontier);
    const next = new Map<string, SubjectId>();
    for (const id of frontier) {
      const { told, people } = beside(id);
      const customers = people.filter(({ kind }) => kind === 'customer_id').map(({ value }) => value);
      const own = id.kind === 'customer_id' ? [id.value] : customers;
      const isFirst = mine.size === 0;
      const meets = isMeetingPlace(id, people) || own.some((each) => customer !== undefined && each !== customer);
      if (meets && !isFirst) {
        left.set(nameOf(id), id);
        continue;
      }
      mine.set(nameOf(id), id);
      for (const { site: where, ids } of told) {
        sites.add(where);
        // A row that names nobody is of whoever made the order; one of somebody else's order is not.
        for (const each of ids) if (!isPerson(each) && !meets) transactions.set(nameOf(each), each);
      }
      if (meets) {
        for (const each of people) left.set(nameOf(each), each);
        continue;
      }
      customer ??= own[0];
      for (const each of people) next.set(nameOf(each), each);
    }
    if (mine.size > MAX_IDS) throw tooMany(asked);
    frontier = [...next.values()].filter((id) => !mine.has(nameOf(id)) && !left.has(nameOf(id))).sort(byName);
  }
  for (const name of mine.keys()) transactions.delete(name);
  return {
    asked,
    ids: [...mine.values(), ...[...transactions.values()].sort(byName)],
    notFollowed: [...left.values()].sort(byName),
    sites: [...sites].sort(),
  };
}

function besideOf(id: SubjectId, told: readonly ToldTogether[]): Beside {
  const name = nameOf(id);
  const mine = told.filter(({ ids }) => ids.some((each) => nameOf(each) === name));
  const people = new Map<string, SubjectId>();
  for (const { ids } of mine) {
    for (const each of ids) if (isPerson(each) && nameOf(each) !== name) people.set(nameOf(each), each);
  }
  return { told: mine, people: [...people.values()] };
}

/** A customer's number names one person by its meaning, however many contacts stand beside it. */
function isMeetingPlace({ kind }: SubjectId, people: readonly SubjectId[]): boolean {
  const count = (of: string): number => people.filter((each) => each.kind === of).length;
  if (kind === 'customer_id') return false;
  // A number that many browsers tell is no order's, such as that of a test.
  if (kind === 'order_id' && count('visitor') > MAX_CONTACTS) return true;
  return count('customer_id') > 1 || ['email', 'phone', 'loyalty_card'].some((of) => count(of) > MAX_CONTACTS);
}

/** A receipt is of one visitor's choice; one that a shop's server gave for nobody in particular is of many. */
async function ofReceipt(
  engine: Pick<Engine, 'visitorsOfReceipt'>,
  asked: AskedSubject,
): Promise<readonly SubjectId[]> {
  const visitors = await engine.visitorsOfReceipt(asked.value, asked.site);
  if (visitors.length <= 1) return visitors.map((value) => ({ kind: 'visitor', value }));
  throw new SubjectError(
    'bad_id',
    `receipt ${asked.value} stands for ${visitors.length} visitors: ask by one of theirs instead`,
  );
}

const tooMany = ({ by }: AskedSubject): SubjectError =>
  new SubjectError(
    'too_many_ids',
    `this ${by} leads to more than ${MAX_IDS} ids, so it does not name one person: ask by another id`,
  );

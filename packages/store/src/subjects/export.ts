import type { ControlState } from '../control/kinds/index.ts';
import type { Engine } from '../engines/engine.ts';
import type { NamingTable } from '../tables/subject_columns.ts';
import { namedPolicies, recipientsOf } from './policies_told.ts';
import type { SubjectRecords } from './records.ts';
import type { FoundSubject } from './subjects.ts';

/** What an export is made of. */
export interface Exported {
  readonly found: Pick<FoundSubject, 'asked' | 'ids' | 'notFollowed' | 'sites'>;
  readonly records: SubjectRecords;
  readonly state: ControlState;
  /** Days that each class of data is kept, by site. */
  readonly retention: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly logDays: number;
  /** What a row says to whoever asks. Default: all of it. */
  readonly shown?: (row: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** RFC 3339. */
  readonly madeAt: string;
}

/** Version of the document. It only grows. */
export const SUBJECT_EXPORT_FORMAT = 'parcours.subject/1';

/**
 * One JSON document, in pieces, in this order:
 *
 * | field         | what                                                                                       |
 * | ------------- | ------------------------------------------------------------------------------------------ |
 * | `format`      | `parcours.subject/1`                                                                       |
 * | `made_at`     | when, UTC                                                                                  |
 * | `asked`       | `{ by, value, site? }`                                                                     |
 * | `ids`         | `[{ kind, value }]`: every id of the person; contacts as their keyed hashes                |
 * | `not_followed`| ids beside them that several people use, or somebody else                                  |
 * | `events`      | rows of the table `events`, fields that are empty left out                                 |
 * | `failed`      | rows of the table `failed`                                                                 |
 * | `receipts`    | consent receipts as they are signed                                                        |
 * | `withdrawals` | `[{ site, withdrawn_at: { <purpose or *>: ms since the epoch } }]`                         |
 * | `erasures`    | `[{ at, site? }]`: erasures of before                                                      |
 * | `policies`    | `[{ version, hash, published_at?, policy }]`: those that the events and receipts name, and the one in force; one that is built in was not published |
 * | `recipients`  | `[{ site, name, purposes?, policies }]`: who is given data of the sites, or what kind, by these policies (GDPR art. 15(1)(c)); without `purposes` for every one. This program itself sends to nobody |
 * | `deletion`    | `{ log_days, <site>: { events_days, receipts_days, … } }`: days that each class is kept    |
 * | `not_searched`| what the search does not look into                                                         |
 */
export async function* exportParts(
  engine: Pick<Engine, 'rowsOf'>,
  { found, records, state, retention, logDays, madeAt, shown = (row) => row }: Exported,
): AsyncGenerator<string> {
  const { ids, notFollowed, asked } = found;
  const policies = new Set<string>();
  const note = (hash: unknown): void => {
    if (typeof hash === 'string') policies.add(hash);
  };
  const head = { format: SUBJECT_EXPORT_FORMAT, made_at: madeAt, asked, ids, not_followed: notFollowed };
  // The document's one brace is opened here and closed at the end.
  yield `${JSON.stringify(head).slice(0, -1)},\n`;
  for (const table of ['events', 'failed'] as const satisfies readonly NamingTable[]) {
    yield `"${table}":[`;
    let isFirst = true;
    if (ids.length > 0) {
      for await (const row of engine.rowsOf(table, { ids, site: asked.site })) {
        note(row.policy_hash);
        yield `${isFirst ? '' : ','}\n${JSON.stringify(shown(row))}`;
        isFirst = false;
      }
    }
    yield '],\n';
  }
  for (const { policy_hash } of records.receipts) note(policy_hash);
  const told = namedPolicies(state, policies);
  const rest = {
    receipts: records.receipts,
    withdrawals: records.withdrawals,
    erasures: records.erasures.map(({ at, site }) => ({ at, ...(site !== undefined && { site }) })),
    policies: told,
    recipients: recipientsOf(told, [...new Set([...found.sites, ...records.receipts.map(({ site }) => site)])]),
    deletion: { log_days: logDays, ...retention },
    not_searched: ['free text: a name or address that somebody typed is not found'],
  };
  yield `${JSON.stringify(rest).slice(1)}\n`;
}

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type ConsentNow, createReplay, type JudgedSite } from '@parcours/collector';
import {
  type BatchRecord,
  type ClientContext,
  type Log,
  ONE_RUN,
  openLog,
  type StoredStamp,
} from '@parcours/store/log';
import type { DataFolder } from '../data_folder.ts';
import { type Repair, repair } from './repair.ts';
import type { Row } from './select.ts';
import { settle } from './settle.ts';

/** How an item ended that was replayed. `unreplayable`: what is needed to judge it was not kept. */
export type Outcome = 'accepted' | 'already_stored' | 'filtered' | 'failed' | 'unreplayable';

export interface ReplayedItem {
  readonly failed_id: string;
  readonly outcome: Outcome;
  readonly code?: string;
  readonly path?: string;
  readonly message?: string;
}

export interface ReplayOptions {
  readonly folder: DataFolder;
  readonly sites: readonly JudgedSite[];
  /** What of a site's consent has changed since. Default: the built-in rules, and nothing was withdrawn. */
  readonly consentOf?: (site: string) => ConsentNow;
  readonly repair: Repair;
  readonly dryRun: boolean;
  /** Which of these events are in the tables, as `site event_id`. */
  readonly stored: (
    events: readonly { site: string; event_id: string; received_at: string }[],
  ) => Promise<ReadonlySet<string>>;
  /** Default: records them as control records. */
  readonly settle?: typeof settle;
}

export interface Replay {
  /** Columns of `failed` that `replay` needs. */
  page(rows: readonly Row[]): Promise<readonly ReplayedItem[]>;
  close(): Promise<void>;
}

/** Columns that a page's rows must have. */
export const REPLAY_COLUMNS = 'failed_id, site, source, received_at, stage, item, context';

interface Judged {
  readonly told: ReplayedItem;
  readonly record?: BatchRecord;
}

/**
 * Judges failed items again, page by page. What is accepted or filtered is appended to a log of this run's own, which the
 * reader loads like any other, and only then recorded as settled. A crash in between leaves an item in `failed` whose event is
 * stored: replayed again it comes under the same id and time, and the tables keep one. A count of what was filtered is known
 * by the failure that it names.
 */
export function createReplayRun({ folder, sites, repair: changes, dryRun, stored, ...options }: ReplayOptions): Replay {
  const judges = new Map(sites.map((site) => [site.id, createReplay(site, options.consentOf?.(site.id))]));
  let log: Log | undefined;

  const judge = (row: Row): Judged => {
    const failed_id = String(row.failed_id);
    const not = (message: string): Judged => ({ told: { failed_id, outcome: 'unreplayable', message } });
    const replay = judges.get(String(row.site));
    if (!replay) return not(`there is no site "${row.site}" any more`);
    if (row.stage === 'load') return not('the tables refused it after it was accepted: it is a row, not an item');
    if (!row.item) return not('its content was not kept: it was too large, too deep or no object');
    const context = contextOf(row.context);
    if (!context)
      return not('an older version kept it without its consent: rebuild while its log is there, or purge it');
    let item: ReturnType<typeof repair>;
    try {
      item = repair(JSON.parse(String(row.item)), changes);
    } catch (error) {
      return not((error as Error).message);
    }
    const judged = replay({ item, source: String(row.source), received_at: String(row.received_at), ...context });
    if (judged.status === 'undecided') return not(judged.message);
    const { code, path, message } = judged.result;
    const told: ReplayedItem = {
      ...{ failed_id, outcome: judged.status },
      ...(code !== undefined && { code }),
      ...(path !== undefined && path !== '' && { path }),
      ...(message !== undefined && { message }),
    };
    return judged.status === 'failed' ? { told } : { told, record: { ...judged.record, failed_id } };
  };

  return {
    async page(rows) {
      const judged = rows.map(judge);
      const known = await stored(judged.flatMap(({ record }) => (record ? eventsOf(record) : [])));
      const marked = judged.map(({ told, record }) => {
        const [event] = record ? eventsOf(record) : [];
        const isKnown = event !== undefined && known.has(`${event.site} ${event.event_id}`);
        return {
          record: isKnown ? undefined : record,
          told: isKnown ? { ...told, outcome: 'already_stored' as const } : told,
        };
      });
      if (!dryRun) {
        const records = marked.flatMap(({ record }) => (record ? [JSON.stringify(record)] : []));
        if (records.length > 0) {
          log ??= await openLog({
            folder: join(folder.logs, `${ONE_RUN}${Date.now()}-${randomBytes(3).toString('hex')}`),
          });
          const open = log;
          await Promise.all(records.map((record) => open.append(record)));
        }
        const idsOf = (...outcomes: readonly Outcome[]): string[] =>
          marked.filter(({ told }) => outcomes.includes(told.outcome)).map(({ told }) => told.failed_id);
        const settleAs = options.settle ?? settle;
        await settleAs(folder, idsOf('accepted', 'already_stored'), 'replayed');
        await settleAs(folder, idsOf('filtered'), 'filtered');
      }
      return marked.map(({ told }) => told);
    },
    close: async () => log?.close(),
  };
}

const eventsOf = ({
  site,
  received_at,
  events,
}: BatchRecord): { site: string; event_id: string; received_at: string }[] =>
  events.map(({ event_id }) => ({ site, event_id, received_at }));

interface Context {
  readonly sent_at: string;
  readonly sdk: string;
  readonly client: ClientContext;
  readonly stamp: StoredStamp;
}

function contextOf(column: unknown): Context | undefined {
  const context = (typeof column === 'string' ? JSON.parse(column) : column) as Partial<Context> | null;
  if (!context?.sent_at || !context.stamp) return undefined;
  const { sent_at, sdk, client, stamp } = context;
  return { sent_at, sdk: sdk ?? '', client: client ?? { bot: false }, stamp };
}

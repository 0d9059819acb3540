import type { LogRecord, StoredEvent } from '@parcours/store/log';

/** What can be decided of an event that arrived whole. */
export const DECISIONS = ['accepted', 'failed', 'filtered'] as const;

/** One line of the live view: what arrived, and what was decided. Identifiers stay in the tables. */
export interface LiveLine {
  readonly received_at: string;
  readonly site: string;
  readonly type: string;
  readonly decision: (typeof DECISIONS)[number];
  /** Page path (`server` where the shop's server told it) and order, or why it was not accepted. */
  readonly detail: string;
  /** Events that the line stands for; filtered ones are only counted. */
  readonly count: number;
}

/** Hands what is loaded to whoever watches. Costs nothing while nobody does. */
export interface LiveFeed {
  publish(record: LogRecord): void;
  /** Calls back for every line from now on. Returns the way to stop. */
  subscribe(onLines: (lines: readonly LiveLine[]) => void): () => void;
  /** Called when the first watcher comes; what it returns is called when the last one goes. */
  onWatch(begin: () => () => void): void;
  /** How many watch now. */
  watchers(): number;
}

export function createLiveFeed(): LiveFeed {
  const watchers = new Set<(lines: readonly LiveLine[]) => void>();
  let begin: () => () => void = () => () => {};
  let end: (() => void) | undefined;
  return {
    publish(record) {
      const lines = linesOf(record);
      if (lines.length > 0) for (const watcher of watchers) watcher(lines);
    },
    subscribe(onLines) {
      watchers.add(onLines);
      end ??= begin();
      return () => {
        watchers.delete(onLines);
        if (watchers.size > 0) return;
        end?.();
        end = undefined;
      };
    },
    onWatch(onBegin) {
      begin = onBegin;
    },
    watchers: () => watchers.size,
  };
}

function linesOf({ received_at, site, source, events, failed = [], filtered = [] }: LogRecord): LiveLine[] {
  const line = (type: string, decision: LiveLine['decision'], detail: string, count = 1): LiveLine => ({
    received_at,
    site,
    type,
    decision,
    detail,
    count,
  });
  return [
    ...events.map((event) => line(event.type, 'accepted', detailOf(event, source))),
    ...failed.map(({ type, code, path }) => line(type ?? '', 'failed', path === '' ? code : `${code}: ${path}`)),
    ...filtered.map(({ type, code, count }) => line(type, 'filtered', code, count)),
  ];
}

/** Where it happened, or that it was no page that told it. */
const detailOf = ({ path, order_id }: StoredEvent, source: string): string =>
  [source === 'web' ? path : source, order_id].filter(Boolean).join(' ');

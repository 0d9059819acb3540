import { siteList } from '@parcours/collector';
import { type ControlFeed, nextExpiry } from '@parcours/store/control';
import type { Config } from '../config/index.ts';
import { type SiteInForce, sitesInForce } from './in_force.ts';

export interface FollowSitesOptions {
  readonly configured: Config['sites'];
  readonly feed: ControlFeed;
  /** Called at once, and whenever what is in force may have changed: a record came, or a key's time did. */
  readonly onSites: (sites: readonly SiteInForce[]) => void;
  /** Told of a site whose settings cannot be used: it is left out, and the others are not. */
  readonly onWrong: (site: string, reason: string) => void;
  readonly now?: () => number;
}

/** A timer cannot be longer than 24 days; a clock that is set leaves no key open for longer than this. */
const LONGEST_MS = 60_000;

/** Keeps the sites in force up to date. Returns its stop. */
export function followSites({ configured, feed, onSites, onWrong, now = Date.now }: FollowSitesOptions): () => void {
  let timer: NodeJS.Timeout | undefined;

  const tell = (): void => {
    clearTimeout(timer);
    const time = now();
    onSites(sitesInForce({ configured, control: feed.state, now: time }).filter(isUsable));
    const next = nextExpiry(feed.state, time);
    if (next === undefined) return;
    timer = setTimeout(tell, Math.min(LONGEST_MS, Math.max(1, next - time)));
    timer.unref();
  };
  const isUsable = (site: SiteInForce): boolean => {
    const { error } = siteList.safeParse([site]);
    if (error) onWrong(site.id, error.issues[0]?.message ?? 'invalid');
    return error === undefined;
  };

  tell();
  const unsubscribe = feed.onChange(tell, ['site_added', 'site_removed', 'key_created', 'key_revoked', 'key_expires']);
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}

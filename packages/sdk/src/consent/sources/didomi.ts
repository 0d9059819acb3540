import { createSource } from '../create_source.ts';
import type { ConsentSource } from '../source.ts';

type Statuses = Readonly<Record<string, { readonly enabled?: boolean }>>;

/** What of Didomi's SDK is called. */
interface Didomi {
  isUserStatusPartial(): boolean;
  getCurrentUserStatus(): {
    readonly purposes: Statuses;
    readonly vendors?: Statuses;
    readonly regulation?: string;
    readonly updated?: string;
    readonly consent_string?: string;
  };
}

/** What Didomi reads of a page. Once it runs, both `push` act at once. */
interface Page {
  didomiOnReady?: { push(ready: (didomi: Didomi) => void): unknown };
  didomiEventListeners?: { push(listener: { event: string; listener: () => void }): unknown };
  Didomi?: Didomi;
}

/**
 * The choice by Didomi. Signals: each purpose as `purpose.measure_content_performance` and each vendor as `vendor.<id>`, by
 * the ids of Didomi's console. What the console calls essential is always on: no purpose of ours should be mapped to it.
 *
 * A listener that comes late has missed what happened at start, so the status is read when Didomi is ready, whenever that
 * was. A status that is partial reads as if what is missing had been refused, and is no choice: the notice is still open, or
 * open again for a new vendor. Where no law asks for consent everything reads as enabled, and nobody chose.
 * Source: Didomi, Web SDK, "Events", "getCurrentUserStatus", "isUserStatusPartial".
 */
export const didomi = (page: object = globalThis): ConsentSource =>
  createSource('didomi', ({ tell, safely }) => {
    const of = page as Page;

    const read = safely((sdk: Didomi | undefined = of.Didomi) => {
      if (!sdk || sdk.isUserStatusPartial()) return tell(undefined);
      const { purposes, vendors, regulation, updated: at, consent_string: string } = sdk.getCurrentUserStatus();
      if (/none/i.test(`${regulation}`)) return tell({});
      const signals: Record<string, boolean> = {};
      for (const id in purposes) signals[`purpose.${id}`] = purposes[id]?.enabled === true;
      for (const id in vendors) signals[`vendor.${id}`] = vendors[id]?.enabled === true;
      tell(signals, { at, string: string || undefined });
    });

    of.didomiEventListeners ??= [];
    of.didomiEventListeners.push({ event: 'consent.changed', listener: () => read() });
    of.didomiOnReady ??= [];
    of.didomiOnReady.push(read);
  });

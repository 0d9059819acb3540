import { listenToPushes } from '../../observers/pushes.ts';
import type { Scope } from '../../scope.ts';
import { createSource } from '../create_source.ts';
import type { ConsentSource } from '../source.ts';

/** Settings of the Consent Mode source. */
export interface ConsentModeOptions {
  /** Name of the list that `gtag` pushes to. Default `dataLayer`. */
  readonly name?: string | undefined;
}

/** The four of version 2, and three more that Tag Manager has. */
const NAMES = [
  'ad_storage',
  'analytics_storage',
  'ad_user_data',
  'ad_personalization',
  'functionality_storage',
  'personalization_storage',
  'security_storage',
] as const;

/**
 * The choice as a page tells it to Google's tags, `gtag('consent', …)`: Consent Mode v2. Signals: its own seven names.
 *
 * Only an `update` is a choice, past ones too. A `default` grants nothing, whatever it says: it is the site's word and not
 * the visitor's, and the choice stays open however long its `wait_for_update` is. What it denies stays denied until an
 * update names it. One for a `region` is left out: where the visitor is, only Google's tags find out.
 *
 * No date comes with it, and managers update on each page with what was chosen long ago. The first update of a page that is
 * pushed by a click itself is a choice of now: what is stored needs none.
 * Source: Google tag platform, "Set up consent mode on websites".
 */
export const consentMode = (
  { name = 'dataLayer' }: ConsentModeOptions = {},
  page: object = globalThis,
): ConsentSource =>
  createSource('consent_mode', ({ signal, tell, safely }) => {
    const defaults: Record<string, boolean> = {};
    const updates: Record<string, boolean> = {};
    let isFirst = true;
    let isPast = true;

    const heard = safely((entry: object) => {
      // As gtag pushes it; Tag Manager takes an array for something else.
      if (Object.prototype.toString.call(entry) !== '[object Arguments]') return;
      const [command, kind, said] = entry as ArrayLike<unknown> & Iterable<unknown>;
      const isUpdate = kind === 'update';
      if (command !== 'consent' || !(isUpdate || kind === 'default')) return;
      const values = Object(said) as Readonly<Record<string, unknown>>;
      if (!isUpdate && values.region) return;
      for (const one of NAMES) {
        const value = values[one];
        if (value === undefined) continue;
        if (isUpdate) updates[one] = value === 'granted';
        else if (value !== 'granted') defaults[one] = false;
      }
      const { event } = page as Window;
      const isClicked = !isPast && isFirst && isUpdate && event?.isTrusted && event.type === 'click';
      isFirst &&= !isUpdate;
      tell(Object.keys(updates).length ? { ...defaults, ...updates } : undefined, {
        at: isClicked ? Date.now() : undefined,
      });
    });

    listenToPushes({ scope: page as Scope, signal }, name, { heard, isMade: true });
    isPast = false;
  });

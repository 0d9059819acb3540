import { createSource } from '../create_source.ts';
import type { ConsentSource } from '../source.ts';

/** What of Cookiebot is read. */
interface Cookiebot {
  readonly hasResponse?: boolean;
  readonly consent?: { readonly [category: string]: unknown; readonly method?: string | null };
}

/** All that it has, but for `necessary`, which nobody can refuse. */
const CATEGORIES = ['preferences', 'statistics', 'marketing'];

/**
 * The choice by Cookiebot. Signals: `preferences`, `statistics`, `marketing`.
 *
 * They read `false` from the start, which is no refusal until there is a response. An implied consent, as where Cookiebot
 * asks no visitor of that country, is none.
 * Source: Cookiebot, "Developer" (Cookiebot.hasResponse, Cookiebot.consent, CookiebotOnConsentReady); its cookie has the time.
 */
export const cookiebot = (page: object = globalThis): ConsentSource =>
  createSource('cookiebot', ({ tell, safely, listen }) => {
    const of = page as Window & { Cookiebot?: Cookiebot };

    // Not decoded whole: a cookie of somebody else that cannot be is no reason to stop.
    const stored = (name: string): string | undefined =>
      new RegExp(`\\bCookieConsent=[^;]*(?:,|%2C)${name}(?::|%3A)(\\d+)`).exec(of.document.cookie)?.[1];

    const read = (): unknown => {
      const { hasResponse, consent } = of.Cookiebot ?? {};
      if (!consent) return;
      if (hasResponse !== true) return tell(undefined);
      if (consent.method === 'implied') return tell({});
      const signals: Record<string, boolean> = {};
      for (const category of CATEGORIES) signals[category] = consent[category] === true;
      tell(signals, { at: Number(stored('utc')) || undefined, version: stored('ver') });
    };

    for (const event of ['OnLoad', 'OnConsentReady', 'OnAccept', 'OnDecline', 'OnDialogDisplay'])
      listen(of, `Cookiebot${event}`, read);
    safely(read)();
  });

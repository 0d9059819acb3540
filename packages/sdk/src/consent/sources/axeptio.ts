import { createSource } from '../create_source.ts';
import type { ConsentSource } from '../source.ts';

/** A choice as Axeptio keeps it: vendors by the names that the site gave them, and its own entries with `$$`. */
interface Choices {
  readonly [vendor: string]: unknown;
  readonly $$completed?: boolean;
  readonly $$date?: string;
  readonly $$cookiesVersion?: { readonly identifier?: string };
}

/** What of Axeptio's SDK is used. */
interface Axeptio {
  readonly userPreferencesManager?: { readonly choices?: Choices };
  on(event: 'cookies:complete', listener: (choices?: Choices) => void): unknown;
}

/**
 * The choice by Axeptio's CMP for brands. Signals: each vendor by the name that the site gave it, such as `parcours` or
 * `google_analytics`. Its CMP for publishers speaks TCF: use `tcf`.
 *
 * `cookies:complete` also comes from a stored choice, with nothing shown, and may have come before this source: so what is
 * stored is read as well, by the date that Axeptio wrote into it. Half-way through its steps a visitor has not chosen.
 * Source: Axeptio, "Axeptio Javascript SDK", "Registering User choices".
 */
export const axeptio = (page: object = globalThis): ConsentSource =>
  createSource('axeptio', ({ tell, safely }) => {
    const of = page as { _axcb?: { push(ready: (sdk: Axeptio) => void): unknown } };

    const read = safely((choices: Choices = {}) => {
      if (choices.$$completed !== true) return tell(undefined);
      const signals: Record<string, boolean> = {};
      for (const [vendor, isAccepted] of Object.entries(choices)) {
        if (!vendor.startsWith('$$') && typeof isAccepted === 'boolean') signals[vendor] = isAccepted;
      }
      tell(signals, { at: choices.$$date, version: choices.$$cookiesVersion?.identifier });
    });

    of._axcb ??= [];
    of._axcb.push(
      safely((sdk: Axeptio) => {
        const stored = (): Choices | undefined => sdk.userPreferencesManager?.choices;
        // The event may bring the vendors alone.
        sdk.on('cookies:complete', (choices) => read({ ...stored(), $$completed: true, ...choices }));
        read(stored());
      }),
    );
  });

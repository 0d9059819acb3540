import { createSource } from '../create_source.ts';
import type { ConsentSource } from '../source.ts';

/** What of tarteaucitron is used. */
interface Tarteaucitron {
  readonly version?: string | number;
  /** Set once it was initialised. */
  readonly parameters?: { readonly highPrivacy?: boolean; readonly serviceDefaultState?: unknown };
  readonly services: Readonly<
    Record<string, { readonly needConsent?: boolean; readonly defaultState?: unknown } | undefined>
  >;
  readonly user?: { readonly bypass?: boolean };
  readonly cookie: { read(): string };
  getLanguage?(): string;
}

/**
 * The choice by tarteaucitron. Signals: each service by its key, such as `parcours` or `matomo`.
 *
 * Its event comes once for each service, and for those that still wait: so the whole cookie is read once the click was dealt
 * with. What it takes for accepted without a click is left out: services that need no consent, that are on by default, and
 * all of them where `highPrivacy` is off (going on browsing counts) or the visitor's country bypasses the question.
 * Its cookie has no date, and lives 365 days unless `tarteaucitronForceExpire` says otherwise. Where nothing was answered when
 * the page came, what is answered is chosen now. An answer that stands is not written again, and no event tells of it.
 * Source: tarteaucitron.js 1.34, `addService`, `cookie.create`, `userInterface.respondAll`.
 */
export const tarteaucitron = (page: object = globalThis): ConsentSource =>
  createSource('tarteaucitron', ({ tell, refuse, safely, listen }) => {
    const of = page as Window & { tarteaucitron?: Tarteaucitron };
    let isDue = false;
    let wasOpen = false;
    let before: string;

    const read = (): unknown => {
      isDue = false;
      const manager = of.tarteaucitron;
      if (!manager?.parameters) return;
      const { highPrivacy, serviceDefaultState } = manager.parameters;
      if (highPrivacy === false) return refuse('highPrivacy is off, so going on browsing counts as consent');
      if (serviceDefaultState === true) return refuse('serviceDefaultState is true, so silence counts as consent');
      if (manager.user?.bypass) return tell({});
      const signals: Record<string, boolean> = {};
      for (const [, key, value] of manager.cookie.read().matchAll(/!([^!=]+)=(true|false)/g)) {
        const { needConsent, defaultState } = manager.services[key!] ?? {};
        if (needConsent !== false && defaultState !== true) signals[key!] = value === 'true';
      }
      const now = JSON.stringify(signals);
      const isNew = wasOpen && before !== now;
      before = now;
      const isOpen = !Object.keys(signals).length;
      wasOpen ||= isOpen;
      tell(isOpen ? undefined : signals, {
        at: isNew ? Date.now() : undefined,
        version: manager.version === undefined ? undefined : `${manager.version}`,
        language: manager.getLanguage?.(),
      });
    };

    /** Once for all the events of a click: a microtask runs when tarteaucitron is through with it. */
    const readSoon = (): void => {
      if (!isDue) queueMicrotask(safely(read));
      isDue = true;
    };

    listen(of.document, 'tac.consent_updated', readSoon);
    listen(of, 'tac.root_available', readSoon);
    safely(read)();
  });

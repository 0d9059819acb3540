import { createSource } from '../create_source.ts';
import type { ConsentSource } from '../source.ts';

/** What of Klaro's manager is used. */
interface KlaroManager {
  /** Whether the visitor has chosen, now or on an earlier visit, about all services that there are. */
  readonly confirmed: boolean;
  readonly savedConsents: Readonly<Record<string, boolean>>;
  readonly config: { readonly required?: boolean; readonly services: readonly { name: string; required?: boolean }[] };
  watch(watcher: { update(manager: KlaroManager, name: string, data?: { readonly type?: string }): void }): void;
  unwatch(watcher: object): void;
}

/** What of Klaro is used. */
export interface KlaroApi {
  readonly defaultConfig?: object | undefined;
  getManager(config?: object): KlaroManager;
  addEventListener(event: 'render', handler: (config: object) => unknown): void;
  version?(): string;
}

/** What is saved by its notice, which shows all services. Others that it tells: a script, and one service's own notice. */
const CLICKED = ['accept', 'decline', 'save'];

/** Settings of the Klaro source. */
export interface KlaroOptions {
  /** The library, where the site's bundle holds it. Default: `window.klaro`, as Klaro's script sets it. */
  readonly api?: KlaroApi | undefined;
}

/**
 * The choice by Klaro. Signals: each service by its name, such as `parcours` or `matomo`, but for those that are `required`:
 * what nobody can refuse is no consent.
 *
 * Klaro tells `consents` for each switch that is moved, saved or not, and nothing at all for a choice of an earlier visit:
 * so what counts is what was saved, once it is `confirmed`. Its own cookie lives 120 days and has no date: what a click of
 * its notice saves is chosen now, though it is the same again. What a script of the site saves may be an old choice.
 * Source: klaro 0.7.22, `src/consent-manager.js`, `src/lib.js`.
 */
export const klaro = ({ api }: KlaroOptions = {}, page: object = globalThis): ConsentSource =>
  createSource('klaro', ({ atEnd, tell, safely, find }) => {
    find(
      () => api ?? (page as { klaro?: KlaroApi }).klaro,
      (library) => {
        const watched = new Set<KlaroManager>();
        const watch = safely((config: object) => {
          const manager = library.getManager(config);
          if (watched.has(manager)) return;
          watched.add(manager);
          const read = (at?: number): unknown => {
            if (!manager.confirmed) return tell(undefined);
            const { required: all, services } = manager.config;
            const signals: Record<string, boolean> = {};
            for (const { name, required = all } of services) {
              if (!required) signals[name] = manager.savedConsents[name] === true;
            }
            tell(signals, { version: library.version?.(), at });
          };
          const watcher = {
            update: safely((_: KlaroManager, name: string, data?: { readonly type?: string }) => {
              if (name === 'saveConsents') read(CLICKED.includes(`${data?.type}`) ? Date.now() : undefined);
              else if (!manager.confirmed) read();
            }),
          };
          manager.watch(watcher);
          atEnd(() => manager.unwatch(watcher));
          read();
        });
        // Settings that come from Klaro's server come later than its script.
        library.addEventListener('render', watch);
        if (library.defaultConfig) watch(library.defaultConfig);
      },
    );
  });

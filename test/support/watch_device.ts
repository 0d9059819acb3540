import type { BrowserContext, Page } from 'playwright-core';

/** What a page used of all that could keep or carry something, so far. */
export const deviceUses = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => (globalThis as unknown as { uses: string[] }).uses);

/**
 * Notes every use of anything that could keep or carry something, before any script of a page runs. The site's policy,
 * which is everybody's, may be asked for: without a cookie and without an address.
 */
export const watchDevice = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    const uses: string[] = [];
    Object.assign(globalThis, { uses });
    const note = (owner: object | undefined, name: string, label: string): void => {
      const held = owner && Object.getOwnPropertyDescriptor(owner, name);
      if (!held) return;
      Object.defineProperty(owner, name, {
        ...held,
        ...(held.get && {
          get() {
            uses.push(label);
            return held.get?.call(this);
          },
        }),
        ...(held.set && {
          set(value: unknown) {
            uses.push(label);
            held.set?.call(this, value);
          },
        }),
        ...(typeof held.value === 'function' && {
          value(this: unknown, ...args: unknown[]) {
            uses.push(label);
            return held.value.apply(this, args);
          },
        }),
      });
    };
    const prototypes = globalThis as unknown as { readonly [name: string]: { readonly prototype: object } | undefined };
    const noteAll = (type: string, names: readonly string[], label: string): void => {
      for (const name of names) note(prototypes[type]?.prototype, name, label);
    };
    note(Document.prototype, 'cookie', 'cookie');
    noteAll('CookieStore', ['get', 'getAll', 'set', 'delete'], 'cookie');
    noteAll('Storage', ['getItem', 'setItem', 'removeItem', 'clear', 'key'], 'storage');
    noteAll('IDBFactory', ['open', 'databases', 'deleteDatabase'], 'indexedDB');
    noteAll('LockManager', ['request', 'query'], 'locks');
    noteAll('CacheStorage', ['open', 'match', 'has', 'keys'], 'caches');
    noteAll('StorageManager', ['getDirectory', 'persist'], 'files');
    noteAll('ServiceWorkerContainer', ['register'], 'worker');
    noteAll('BroadcastChannel', ['postMessage'], 'channel');
    noteAll('Navigator', ['sendBeacon'], 'beacon');
    noteAll('XMLHttpRequest', ['open'], 'request');
    noteAll('HTMLImageElement', ['src'], 'image');
    noteAll('RTCPeerConnection', ['createDataChannel'], 'peer');
    note(globalThis, 'name', 'window.name');
    const { fetch } = globalThis;
    globalThis.fetch = (...args) => {
      const { pathname } = new URL(`${args[0]}`, location.href);
      const { credentials, referrerPolicy } = args[1] ?? {};
      const isPolicy = pathname.startsWith('/v1/policy/') && credentials === 'omit' && referrerPolicy === 'no-referrer';
      if (!isPolicy) uses.push(`fetch ${pathname}`);
      return fetch(...args);
    };
  });

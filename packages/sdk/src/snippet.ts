/**
 * The script tag's entry. It takes its options from its own tag and the place of the stub, if there is one, in
 * `window.parcours`: first what was called before, in order, then every call as it comes.
 *
 *     <script async src="https://shop.example/p.js" data-site="shop" data-key="pk_demo"></script>
 *
 * `data-endpoint` (default: `/v1/events` where the script came from), `data-query-keys` (by comma), `data-policy` (JSON) and `data-debug` as in
 * `TrackerOptions`. Wrong options are one error on the console and a tracker that does nothing.
 */

import type { BrowserPolicy } from '@parcours/protocol';
import { clicks } from './observers/clicks.ts';
import { pageViews } from './observers/page_views.ts';
import { openDisk } from './queue/idb.ts';
import { startTracker } from './start_tracker.ts';
import type { Call, Stub } from './stub_calls.ts';

/** A text that is no JSON stays one, and is no policy. */
const readPolicy = (text: string | undefined): BrowserPolicy | undefined => {
  try {
    return text && (JSON.parse(text) ?? text);
  } catch {
    return text as never;
  }
};

const page = window as unknown as { parcours?: Partial<Stub> };
const parcours = page.parcours ?? { q: [] as Call[] };
page.parcours = parcours;
const waiting = parcours.q;
// Loaded a second time, the first tracker stays.
if (Array.isArray(waiting)) {
  const { src, dataset } = document.currentScript as HTMLScriptElement;
  const { endpoint = '/v1/events', site = '', key = '' } = dataset;
  const tracker = startTracker(
    {
      endpoint: new URL(endpoint, src).href,
      site,
      key,
      queryKeys: dataset.queryKeys?.split(','),
      policy: site && key ? readPolicy(dataset.policy) : null,
      debug: 'debug' in dataset,
      observers: [pageViews, clicks],
    },
    window,
    openDisk,
  );
  if (!site || !key) {
    console.error('[parcours] needs data-site and data-key');
    tracker.stop();
  }
  const push = ([method, args]: Call): unknown => (tracker as unknown as Stub)[method](...args);
  Object.assign(parcours, tracker, { q: { push } });
  waiting.forEach(push);
}

/**
 * The script tag's entry. It takes its options from its own tag and the place of the stub, if there is one, in
 * `window.parcours`: first what was called before, in order, then every call as it comes.
 *
 *     <script async src="https://shop.example/p.js" data-site="shop" data-key="pk_demo"></script>
 *
 * `data-endpoint` (default: `/v1/events` where the script came from), `data-query-keys` (by comma) and `data-debug` as in
 * `TrackerOptions`. Wrong options are one error on the console and a tracker that does nothing.
 */
import { startTracker } from './core.ts';
import { pageViews } from './observers/page_views.ts';
import { isEndpoint } from './options.ts';
import { openDisk } from './queue/idb.ts';
import type { Call, Stub } from './stub_calls.ts';

const page = window as unknown as { parcours?: Partial<Stub> };
const parcours = page.parcours ?? { q: [] as Call[] };
page.parcours = parcours;
const waiting = parcours.q;
// Loaded a second time, the first tracker stays.
if (Array.isArray(waiting)) {
  const { src, dataset } = document.currentScript as HTMLScriptElement;
  const { endpoint = new URL('/v1/events', src).href, site = '', key = '' } = dataset;
  const wrong = (!site && 'site') || (!key && 'key') || (!isEndpoint(endpoint) && 'endpoint');
  const tracker = startTracker(
    {
      endpoint,
      site,
      key,
      queryKeys: dataset.queryKeys?.split(','),
      debug: 'debug' in dataset,
      observers: [pageViews],
    },
    window,
    window.indexedDB && openDisk,
  );
  if (wrong) {
    console.error(`[parcours] data-${wrong} is wrong`);
    tracker.stop();
  }
  const push = ([method, args]: Call): unknown => (tracker as unknown as Stub)[method](...args);
  Object.assign(parcours, tracker, { q: { push } });
  waiting.forEach(push);
}

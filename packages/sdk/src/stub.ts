/**
 * Goes inline into the page, before anything uses `parcours`: calls are noted, so the page works the same whether `p.js`
 * comes, comes late or is blocked. `q` is looked up at each call, so functions taken from the stub stay good.
 */
import type { Call, Method, Stub } from './stub_calls.ts';

const METHODS: readonly Method[] = [
  'track',
  'page',
  'consent',
  'identify',
  'reset',
  'observe',
  'flush',
  'stop',
  'onDrop',
  'visitorId',
];

const page = window as unknown as { parcours?: Stub };
// A script beside `p.js` that was quicker has left only its queue.
const stub = page.parcours ?? ({ q: [] as Call[] } as unknown as Stub);
if (!stub.track) {
  for (const method of METHODS) {
    stub[method] = (...args) => {
      stub.q.push([method, args]);
      // What a page may go on with at once: a promise to wait for, an end to call.
      return { flush: Promise.resolve(), onDrop: () => {} }[method as string];
    };
  }
  page.parcours = stub;
}

import type { Tracker } from '@parcours/sdk';

declare global {
  /** What the script tag puts on a page: the tracker, or the stub that waits for it. */
  var parcours: Tracker;
}

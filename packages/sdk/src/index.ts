/** The browser tracker: consent gate, observers, durable queue, delivery. Nothing happens at import. */
export type { BrowserPolicy, Choice, EventMap, EventRecord, Item, Keys, Purpose, Signals } from '@parcours/protocol';
export type { ConsentStatus } from './consent/gate.ts';
export type { ChoiceDetails, ConsentSource, ReportSignals } from './consent/source.ts';
export type { DropListener } from './drops.ts';
export type { Observer, ObserverContext } from './observers/observer.ts';
export { pageViews } from './observers/page_views.ts';
export type { TrackerOptions } from './options.ts';
export type { Navigation } from './pages.ts';
export type { Scope } from './scope.ts';
export { createTracker } from './tracker.ts';
export type { Consent, Identify, Track, Tracker } from './tracker_types.ts';

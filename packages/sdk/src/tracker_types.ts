import type { Choice, EventMap, Keys, Signals } from '@parcours/protocol';
import type { ConsentStatus } from './consent/gate.ts';
import type { ChoiceDetails } from './consent/source.ts';
import type { DropListener } from './drops.ts';
import type { Observer } from './observers/observer.ts';

/** Records an event: a standard one with its properties checked by the compiler, or one of any other name. */
export interface Track {
  <Type extends keyof EventMap>(
    type: Type,
    ...props: Record<never, never> extends EventMap[Type] ? [props?: EventMap[Type]] : [props: EventMap[Type]]
  ): void;
  <Type extends string>(
    type: Type extends keyof EventMap ? never : Type,
    props?: Readonly<Record<string, unknown>>,
  ): void;
}

/** States a choice, or without arguments only asks; answers the present status. */
export interface Consent {
  (): ConsentStatus;
  /** `undefined`: the choice is open, or open again. */
  (choice: Choice | undefined, details?: ChoiceDetails): ConsentStatus;
  /** In the terms of a consent source that the policy maps. */
  (signals: Signals | undefined, details: ChoiceDetails & { readonly source: string }): ConsentStatus;
}

/** Says who it is: join keys such as `{ customer_id: 'C-20417', loyalty_card: '9250' }`, or the `customer_id` alone. */
export type Identify = (known: string | number | { readonly [key in keyof Keys]: string | number | undefined }) => void;

/** One site's tracker. No method ever throws. */
export interface Tracker {
  /** Records an event as it is now: later changes of `props` do not reach it. */
  readonly track: Track;
  /** Counts the present page, unless it is the last one counted. For one that is seen anew: `track('page_view')`. */
  readonly page: () => void;
  readonly consent: Consent;
  /**
   * Says who it is, as after a login; repeating it costs nothing. From now on events carry the keys, as far as `crm_join`
   * is granted, and an `identify` event tells the moment. For this page's life: say it again on the next. Nothing is
   * taken that holds an e-mail.
   */
  readonly identify: Identify;
  /** Adds an observer, as the scripts beside `p.js` do. */
  readonly observe: (observer: Observer) => void;
  /** Another person from now on (logout): new visitor, new session; the choice stands. */
  readonly reset: () => void;
  /** Sends what is queued now; resolves when the try is over, however it went. */
  readonly flush: () => Promise<void>;
  /** Ends the tracker: what was granted and queued is handed over once more, what was held is forgotten. */
  readonly stop: () => void;
  /** Tells each loss for technical reasons; returns its end. */
  readonly onDrop: (listener: DropListener) => () => void;
  /** The visitor's id, once granted. */
  readonly visitorId: () => string | undefined;
}

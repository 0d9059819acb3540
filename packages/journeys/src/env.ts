import type { Hono } from 'hono';
import type { Asker } from './access/identify.ts';

/** What every request carries once the middleware has seen it. */
export interface JourneysEnv {
  readonly Variables: {
    asker: Asker;
    /** Whether the same holder would be let in now: for answers that go on, such as a stream. */
    isStillAllowed: () => Promise<boolean>;
    /** Whether whoever asks may open the page of this path: what the navigation shows. */
    mayOpen: (path: string) => boolean;
    /** Of the program, as the footer tells it. */
    version: string;
  };
}

/** The console as a Hono app: routes are added to it. */
export type Journeys = Hono<JourneysEnv>;

import type { Batch, BatchReply } from '@parcours/protocol';
import { deliveryContract } from './testing/delivery/contract.ts';
import type { DeliverySubject, Sender } from './testing/delivery/subject.ts';
import { createPage } from './testing/page.ts';

const parse = (body: string): Batch => JSON.parse(body);

/** This SDK, with a disk in memory in place of IndexedDB. */
const parcours: DeliverySubject = {
  start({ fetch, sendBeacon }) {
    const page = createPage();
    const open = (): Sender => {
      let lost = 0;
      const tell = ({ count }: { readonly count: number }): void => {
        lost += count;
      };
      const { navigator } = page.scope();
      const tracker = page.open({ onDrop: tell }, { fetch, navigator: { ...navigator, sendBeacon } as Navigator });
      tracker.consent({ audience: true });
      return {
        track: tracker.track,
        flush: tracker.flush,
        lost: () => lost,
        reload() {
          tracker.stop();
          return open();
        },
        stop: tracker.stop,
      };
    };
    return open();
  },
  eventsOf: (body) =>
    parse(body).events.map((event) => ({
      id: event.event_id,
      at: event.occurred_at,
      name: event.type,
      // Where its stamp stands in a batch depends on its neighbours.
      text: JSON.stringify({ ...event, stamp: undefined }),
    })),
  lossesIn: (body) => (parse(body).dropped ?? []).reduce((sum, { count }) => sum + count, 0),
  answerTo(body, verdicts) {
    const { events } = parse(body);
    const reply: BatchReply = {
      results: verdicts.map((status, n) => ({ event_id: events[n]!.event_id, status })),
    };
    return JSON.stringify(reply);
  },
};

deliveryContract('the SDK', parcours);

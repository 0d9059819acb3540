import { createStore, promisifyRequest } from 'idb-keyval';
import type { OpenDisk } from './disk.ts';

/** The queue's database: one store, keys are event ids. It is created by its first use: call that after a grant only. */
export const openDisk: OpenDisk = (name) => {
  const store = createStore(name, 'events');

  const write = (act: (events: IDBObjectStore) => unknown): Promise<unknown> =>
    store('readwrite', (events) => {
      const { transaction } = events;
      // A deletion, by whichever page heard of a withdrawal, must not wait for this one.
      transaction.db.onversionchange = () => transaction.db.close();
      act(events);
      const written = promisifyRequest(transaction);
      // A dying page has no time for the success events that a commit otherwise waits for.
      transaction.commit();
      return written;
    });

  return {
    put: (items) => write((events) => items.map((item) => events.put(item, item.id))),
    remove: (items) => write((events) => items.map((item) => events.delete(item.id))),
    all: () => store('readonly', (events) => promisifyRequest(events.getAll())),
  };
};

import { createStore, promisifyRequest } from 'idb-keyval';
import type { OpenDisk } from './disk.ts';
import type { Item } from './item.ts';

/**
 * The queue's database: one store, a record a chunk under its id, since writing a hundred records costs the page many
 * times what one does. It is created by its first use: call that after a grant only.
 */
export const openDisk: OpenDisk = (name) => {
  const store = createStore(name, 'events');

  const write = async (act: (events: IDBObjectStore) => unknown): Promise<unknown> =>
    store('readwrite', (events) => {
      const { transaction } = events;
      // A deletion, by whichever page heard of a withdrawal, must not wait for this one.
      transaction.db.onversionchange = () => transaction.db.close();
      act(events);
      return promisifyRequest(transaction);
    });

  return {
    put: (chunk) =>
      write((events) => {
        events.put(chunk, chunk[0]!.chunk);
        // A dying page has no time for the success events that a commit otherwise waits for.
        events.transaction.commit();
      }),
    remove: (items) =>
      write((events) => {
        const gone = new Set(items.map(({ id }) => id));
        for (const chunk of new Set(items.map((item) => item.chunk!))) {
          const request: IDBRequest<Item[]> = events.get(chunk);
          request.onsuccess = () => {
            const left = request.result?.filter(({ id }) => !gone.has(id));
            if (left?.[0]) events.put(left, chunk);
            else events.delete(chunk);
          };
        }
      }),
    all: async () => (await store('readonly', (events) => promisifyRequest<Item[][]>(events.getAll()))).flat(),
  };
};

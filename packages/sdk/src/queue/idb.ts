import { promisifyRequest } from 'idb-keyval';
import type { OpenDisk } from './disk.ts';
import type { Item } from './item.ts';

/**
 * The queue's database: one store, a record a chunk under its name, since writing a hundred records costs the page many
 * times what one does. It is created by its first use: call that after a grant only.
 */
export const openDisk: OpenDisk = (name) => {
  let opening: Promise<IDBDatabase> | undefined;

  /** Rejects where there is no such thing, or where looking for it throws already. */
  const open = async (): Promise<IDBDatabase> => {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => request.result.createObjectStore('events');
    const db = await promisifyRequest(request);
    // A deletion, by whichever page heard of a withdrawal, must not wait for this one, though it has only read.
    db.onversionchange = () => db.close();
    // Safari closes it now and then.
    db.onclose = () => {
      opening = undefined;
    };
    return db;
  };

  const use = async <Result>(
    mode: IDBTransactionMode,
    act: (events: IDBObjectStore, transaction: IDBTransaction) => Result | Promise<Result>,
  ): Promise<Result> => {
    opening ??= open();
    const transaction = (await opening).transaction('events', mode);
    return act(transaction.objectStore('events'), transaction);
  };

  return {
    keep: (chunk) =>
      use('readwrite', (events, transaction) => {
        events.put(chunk, chunk[0]!.chunk);
        // A dying page has no time for the success events that a commit otherwise waits for.
        transaction.commit();
        return promisifyRequest(transaction);
      }),
    forget: (items) =>
      use('readwrite', (events, transaction) => {
        const gone = new Set(items.map(({ id }) => id));
        for (const chunk of new Set(items.map(({ chunk = '' }) => chunk))) {
          const request: IDBRequest<Item[]> = events.get(chunk);
          request.onsuccess = () => {
            const left = request.result?.filter(({ id }) => !gone.has(id));
            if (left?.[0]) events.put(left, chunk);
            else events.delete(chunk);
          };
        }
        return promisifyRequest(transaction);
      }),
    stored: async () => (await use('readonly', (events) => promisifyRequest<Item[][]>(events.getAll()))).flat(),
  };
};

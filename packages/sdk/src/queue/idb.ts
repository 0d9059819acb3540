import type { OpenDisk } from './disk.ts';

const STORE = 'events';

/**
 * The queue's database: one store, keys are event ids. It is opened, and created, by this call: call it after a grant only.
 *
 * Written by hand, and not on idb-keyval, for what a withdrawal and a dying page need: the connection gives way to a
 * deletion by any page, and a write is committed without waiting for its own success events.
 */
export const openDisk: OpenDisk = (name) => {
  const opened = new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => database.close();
      resolve(database);
    };
    request.onerror = reject;
  });
  // Told to whoever uses it, not to the page.
  opened.catch(() => {});

  const run = async <Result>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => Result): Promise<Result> => {
    const transaction = (await opened).transaction(STORE, mode);
    return new Promise((resolve, reject) => {
      const result = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = reject;
      transaction.commit();
    });
  };

  return {
    put: (items) => run('readwrite', (store) => items.map((item) => store.put(item, item.id))),
    remove: (items) => run('readwrite', (store) => items.map((item) => store.delete(item.id))),
    all: async () => (await run('readonly', (store) => store.getAll())).result,
  };
};

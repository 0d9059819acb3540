import type { OpenDisk } from './disk.ts';
import type { Item } from './item.ts';

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

  const run = async (mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest | void): Promise<unknown> => {
    const transaction = (await opened).transaction(STORE, mode);
    return new Promise((resolve, reject) => {
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = reject;
      transaction.commit();
    });
  };

  return {
    put: (items) => run('readwrite', (store) => items.forEach((item) => store.put(item, item.id))),
    remove: (items) => run('readwrite', (store) => items.forEach((item) => store.delete(item.id))),
    all: () => run('readonly', (store) => store.getAll()) as Promise<Item[]>,
  };
};

import type { BrowserContext, Page } from 'playwright-core';
import type { Ruling } from './permitted.ts';
import { breach, seenOf, wordsIn } from './seen.ts';

/** All that a browser keeps of a life. */
export interface Device {
  /** Every text in the storage of the page's origin. */
  readonly texts: readonly string[];
  readonly databases: readonly string[];
  /** Values of the tracker's cookies, those that pages cannot read too. */
  readonly cookies: readonly string[];
}

/** Reads it through one of its pages. */
export async function readDevice(page: Page, context: BrowserContext): Promise<Device> {
  const [kept, cookies] = await Promise.all([page.evaluate(readStorage), context.cookies()]);
  return { ...kept, texts: kept.texts.flatMap(apart), cookies: cookies.map(({ value }) => value) };
}

/** What a page that went has left with the ids, each text by itself, as the database has it. */
function apart(text: string): readonly string[] {
  try {
    const { left, ...ids } = JSON.parse(text);
    if (!left) return [text];
    return [JSON.stringify(ids), ...left.flatMap(Object.values).filter((part: unknown) => typeof part === 'string')];
  } catch {
    return [text];
  }
}

/** What lies on the device against the law, in words. */
export function deviceFaults(
  device: Device,
  { permitted, hasGranted, isTakenBack }: Ruling,
  name: string,
): readonly string[] {
  const { texts, databases, cookies } = device;
  const all = [...texts, ...databases, ...cookies];
  if (!hasGranted) return all.map((text) => `before any grant: ${text}`);
  const events = texts.map(eventOf);
  const others = [...texts.filter((_, index) => !events[index]), ...cookies].map((text) => wordsIn(text, name));
  const faults = [
    ...events.flatMap((event) => (event ? (breach(seenOf(event, name), permitted) ?? []) : [])),
    ...others
      .flatMap(({ campaigns }) => campaigns)
      .filter((number) => !permitted.get(number)?.has('ads_measurement'))
      .map((number) => `the campaign of event ${number} without ads_measurement`),
    ...others.flatMap(({ others }) => others),
  ];
  // A marker without an id, until the collector knows.
  const left = isTakenBack ? [...databases, ...texts.filter((text) => !MARKER.test(text))] : [];
  return [...faults, ...left].map((fault) => `kept: ${fault}`);
}

/** Whether nothing at all is left. */
export const isEmpty = ({ texts, databases, cookies }: Device): boolean =>
  texts.length + databases.length + cookies.length === 0;

/** Numbers of the events that wait on the device. */
export const waitingOn = ({ texts }: Device, name: string): ReadonlySet<number> =>
  new Set(texts.flatMap((text) => eventOf(text) ?? []).map((event) => seenOf(event, name).number));

/** What a withdrawal may leave: that it was, and when. */
export const MARKER = /^\{"withdrawn":\[(\{"at":"[\d-]{10}T[\d:.]{12}Z"\},?)+\]\}$/;

function eventOf(text: string): Parameters<typeof seenOf>[0] | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value?.event_id === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Every text that the page's origin keeps, but for the harness's own. */
async function readStorage(): Promise<Pick<Device, 'texts' | 'databases'>> {
  const texts: string[] = await caches.keys();
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) collect(part);
  };
  for (const storage of [localStorage, sessionStorage]) {
    for (const [key, value] of Object.entries(storage)) if (!key.startsWith('shop_')) texts.push(value);
  }
  const databases: string[] = [];
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase | undefined>((resolve) => {
      const opening = indexedDB.open(name);
      // Deleted since it was listed: it must not be made anew.
      opening.onupgradeneeded = () => opening.transaction?.abort();
      opening.onerror = () => resolve(undefined);
      opening.onsuccess = () => resolve(opening.result);
    });
    if (!database) continue;
    databases.push(name);
    database.onversionchange = () => database.close();
    for (const store of database.objectStoreNames) {
      const reading = database.transaction(store).objectStore(store).getAll();
      await new Promise((resolve) => {
        reading.onsuccess = resolve;
        reading.onerror = resolve;
      });
      collect(reading.result);
    }
    database.close();
  }
  return { databases, texts };
}

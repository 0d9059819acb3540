import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPage, pass } from './testing/page.ts';
import type { Tracker } from './tracker_types.ts';

let page: ReturnType<typeof createPage>;
let opened: Tracker[];

/** The next page, reached from somewhere, with the choice made. */
const arrive = async (path: string, referrer: string) => {
  opened.at(-1)?.stop();
  await pass(1);
  history.replaceState({}, '', path);
  const tracker = page.open(
    { observers: undefined },
    { document: { title: 'Page', referrer, addEventListener: () => {} } as unknown as Document },
  );
  opened.push(tracker);
  tracker.consent({ audience: true });
  await pass(1_000);
};

const sessions = () => new Set(page.collector.events().map(({ session_id }) => session_id)).size;

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  page = createPage();
  opened = [];
});
afterEach(async () => {
  for (const tracker of opened) {
    tracker.consent({});
    tracker.stop();
  }
  await pass(1);
  vi.useRealTimers();
});

it('goes on with the session where the site carries a part of the campaign along', async () => {
  await arrive('/a?utm_source=n&gclid=1', 'https://search.example/');
  history.pushState({}, '', '/b?utm_source=n');
  await pass(1_000);
  await arrive('/c?utm_source=n', `${location.origin}/b?utm_source=n`);
  expect(page.collector.events().map(({ type }) => type)).toEqual(['page_view', 'page_view', 'page_view']);
  expect(sessions()).toBe(1);
});

it('begins a session where the visitor comes from elsewhere by another campaign', async () => {
  await arrive('/a?utm_source=n', 'https://news.example/');
  await arrive('/a?utm_source=m', 'https://mail.example/');
  await arrive('/a?utm_source=o', '');
  expect(sessions()).toBe(3);
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
  tracker.consent({ audience: true, ads_measurement: true });
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

describe('the campaign of a landing', () => {
  const land = async (): Promise<Tracker> => {
    history.replaceState({}, '', '/landing?utm_source=news&gclid=1');
    const tracker = page.open({ observers: undefined });
    opened.push(tracker);
    await pass(10_000);
    // The site takes it out of the address, as many do.
    history.replaceState({}, '', '/landing');
    return tracker;
  };

  it('is told by a late grant, with the one view that there was', async () => {
    const tracker = await land();
    tracker.consent({ audience: true, ads_measurement: true });
    await pass(1_000);
    expect(page.collector.events()).toMatchObject([
      {
        type: 'page_view',
        occurred_at: '2026-11-22T10:00:00.000Z',
        page: { url: `${location.origin}/landing?utm_source=news&gclid=1` },
      },
    ]);
  });

  it.each([
    ['a refusal', {}, []],
    ['a grant of other purposes', { audience: true }, [`${location.origin}/landing`]],
  ])('never leaves after %s', async (_, choice, urls) => {
    const tracker = await land();
    tracker.consent(choice);
    tracker.track('after');
    await pass(60_000);
    const views = page.collector.events().filter(({ type }) => type === 'page_view');
    expect(views.map((view) => view.page?.url)).toEqual(urls);
    expect(JSON.stringify(page.collector.seen)).not.toMatch(/utm_|news|gclid/);
  });
});

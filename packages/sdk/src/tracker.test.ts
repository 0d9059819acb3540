import { describe, expect, it, vi } from 'vitest';
import { pass } from './testing/page.ts';
import { page, types, visitInEachTest } from './testing/visit.ts';
import { createTracker } from './tracker.ts';

visitInEachTest();

describe('options', () => {
  const good = { endpoint: 'https://x.fr/v1/events', site: 'x', key: 'k' };
  it.each([
    [{ ...good, endpoint: '/v1/events' }, '[parcours] option "endpoint" must be an absolute URL'],
    [{ site: 'x', key: 'k' }, '[parcours] option "endpoint" must be an absolute URL'],
    [{ ...good, site: '' }, '[parcours] option "site" must be a text'],
    [{ ...good, key: 5 }, '[parcours] option "key" must be a text'],
    [{ ...good, queryKeys: 'q' }, '[parcours] option "queryKeys" must be an array of texts'],
    [{ ...good, observers: [{}] }, '[parcours] option "observers" must be an array of observers'],
    [{ ...good, consent: {} }, '[parcours] option "consent" must be a consent source'],
    [{ ...good, debug: 'yes' }, '[parcours] option "debug" must be true or false'],
    [{ ...good, beforeSend: null }, '[parcours] option "beforeSend" must be a function'],
    [{ ...good, onDrop: 1 }, '[parcours] option "onDrop" must be a function'],
    [{ ...good, querykeys: [] }, '[parcours] option "querykeys" is unknown'],
    [{ ...good, toString: 1 }, '[parcours] option "toString" is unknown'],
  ])('refuses %j', (options, message) => {
    expect(() => createTracker(options as never, page.scope())).toThrow(message);
  });

  it('gives one tracker per site and endpoint, over a stop and a start in one task', async () => {
    const options = { ...good, site: page.site };
    const first = createTracker(options, page.scope(), page.disks.open);
    expect(createTracker(options, page.scope(), page.disks.open)).toBe(first);
    first.stop();
    expect(createTracker(options, page.scope(), page.disks.open)).toBe(first);
    await pass(1);
    first.consent({ audience: true });
    await pass(1_000);
    expect(types()).toEqual(['page_view']);
    first.stop();
    await pass(1);
    const second = createTracker(options, page.scope(), page.disks.open);
    expect(second).not.toBe(first);
    first.stop();
    await pass(1);
    expect(createTracker(options, page.scope(), page.disks.open)).toBe(second);
    second.stop();
  });

  it('works where there is no browser', async () => {
    const fetch = vi.fn(page.collector.fetch);
    const server = createTracker({ ...good, site: page.site }, { fetch }, undefined);
    server.track('a');
    server.consent({ audience: true });
    await pass(1_000);
    expect(types()).toEqual(['a']);
    expect(page.collector.events()[0]?.page).toBeUndefined();
    server.stop();
    await pass(1);
  });
});

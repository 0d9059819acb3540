import { describe, expect, it, vi } from 'vitest';
import { pass } from './testing/page.ts';
import { page, tracker, visitInEachTest } from './testing/visit.ts';

const BOTH = { audience: true, crm_join: true };

/** What was sent, as `type key=value …`. */
const sent = async () => {
  await pass(1_000);
  return page.collector
    .events()
    .map(({ type, keys = {} }) => [type, ...Object.entries(keys).map(([key, value]) => `${key}=${value}`)].join(' '));
};

visitInEachTest();

describe('identify', () => {
  it('keys what comes after it, and tells the moment', async () => {
    tracker.consent(BOTH);
    tracker.track('a');
    tracker.identify({ customer_id: 'C-1', loyalty_card: '9250' });
    tracker.track('b');
    expect(await sent()).toEqual([
      'a',
      'identify customer_id=C-1 loyalty_card=9250',
      'b customer_id=C-1 loyalty_card=9250',
    ]);
  });

  it('costs nothing said again, and changes with the person', async () => {
    tracker.consent(BOTH);
    for (const known of ['C-1', 'C-1', 'C-2']) tracker.identify(known);
    expect(await sent()).toEqual(['identify customer_id=C-1', 'identify customer_id=C-2']);
  });

  it('takes a number for a text, and what is empty for no key', async () => {
    tracker.consent(BOTH);
    tracker.identify({ customer_id: 20_417, loyalty_card: '', coupon: undefined, qr: null as never });
    expect(await sent()).toEqual(['identify customer_id=20417']);
  });

  it('sends no key without the purpose, and none on what was captured before', async () => {
    tracker.identify('C-1');
    tracker.consent({ audience: true });
    tracker.track('a');
    await pass(1_000);
    tracker.consent(BOTH);
    tracker.track('b');
    expect(await sent()).toEqual(['a', 'b customer_id=C-1']);
    expect(JSON.stringify(page.collector.seen[0])).not.toContain('C-1');
  });

  it('holds the keys of what is held, until the purpose is granted', async () => {
    tracker.track('a');
    tracker.identify('C-1');
    tracker.track('b');
    tracker.consent(BOTH);
    expect(await sent()).toEqual(['a', 'identify customer_id=C-1', 'b customer_id=C-1']);
  });

  it('holds of each moment the keys that it had, where more are told before the choice', async () => {
    tracker.identify('C-1');
    tracker.track('a');
    tracker.identify({ customer_id: 'C-1', loyalty_card: '9250' });
    tracker.consent(BOTH);
    expect(await sent()).toEqual([
      'identify customer_id=C-1',
      'a customer_id=C-1',
      'identify customer_id=C-1 loyalty_card=9250',
    ]);
  });

  it('forgets the person at the reset', async () => {
    tracker.consent(BOTH);
    tracker.identify('C-1');
    tracker.reset();
    tracker.track('b');
    expect(await sent()).toEqual(['identify customer_id=C-1', 'b']);
  });

  it('gives the next person nothing of whom a reset parted with before the choice', async () => {
    tracker.identify('C-1');
    tracker.track('a');
    tracker.reset();
    tracker.identify('C-2');
    tracker.track('b');
    tracker.consent(BOTH);
    expect(await sent()).toEqual(['identify', 'a', 'identify customer_id=C-2', 'b customer_id=C-2']);
  });

  it('is refused without crm_join, as the console says in debug, and nothing of it is sent', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const own = page.open({ debug: true });
    own.consent({ audience: true, ads_measurement: true });
    own.identify('C-1');
    own.track('a');
    expect(await sent()).toEqual(['a']);
    expect(JSON.stringify(page.collector.seen)).not.toMatch(/C-1|identify|keys/);
    expect(log).toHaveBeenCalledWith(
      '[parcours]',
      expect.objectContaining({ step: 'refused', type: 'identify', code: 'consent_denied' }),
    );
    own.stop();
  });

  it.each([['jean@mail.fr'], [{ customer_id: 'jean%40mail.fr' }]])('takes no e-mail: %j', async (known) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const own = page.open({ debug: true });
    own.consent(BOTH);
    own.identify(known);
    own.track('a');
    expect(await sent()).toEqual(['a']);
    expect(log).toHaveBeenCalledWith('[parcours]', 'identify takes no e-mail');
    expect(log).toHaveBeenCalledWith('[parcours]', expect.objectContaining({ step: 'queued' }));
    own.stop();
  });

  it.each([[undefined], [null], [Symbol('no')]])('breaks nothing where it is given %j', async (known) => {
    tracker.consent(BOTH);
    expect(() => tracker.identify(known as never)).not.toThrow();
    tracker.track('a');
    expect((await sent()).at(-1)).toMatch(/^a/);
  });
});

describe('observe', () => {
  it('adds an observer to a tracker that runs', async () => {
    tracker.consent(BOTH);
    tracker.observe(({ track, visitorId, endpoint }) => track('seen', { visitor: visitorId(), endpoint }));
    await pass(1_000);
    expect(page.collector.events()[0]?.props).toEqual({
      visitor: tracker.visitorId(),
      endpoint: expect.stringMatching(/^https:\/\/collect\.example/),
    });
  });

  it('adds none to a tracker that was stopped', async () => {
    tracker.stop();
    await pass(1);
    const observer = vi.fn();
    tracker.observe(observer);
    expect(observer).not.toHaveBeenCalled();
  });

  it('keeps one that throws from the page', () => {
    expect(() =>
      tracker.observe(() => {
        throw new Error('theirs');
      }),
    ).not.toThrow();
    expect(() => tracker.observe(undefined as never)).not.toThrow();
  });
});

import { expect, it } from 'vitest';
import { pass, setHidden } from '../page.ts';
import type { Case } from './contract.ts';
import type { DeliverySubject } from './subject.ts';

const LONG_MS = 900_000;

const goAway = (): void => {
  setHidden(true);
  window.dispatchEvent(new Event('pagehide'));
};

export function pageCases(given: Case, subject: DeliverySubject): void {
  it('events of a moment share a request, soon', async () => {
    const { line, sender } = given;
    sender.track('a');
    await pass(100);
    sender.track('b');
    await pass(150);
    expect(line.requests).toHaveLength(1);
    expect(line.settled).toEqual(['a', 'b']);
  });

  it('a request needs no preflight, and may outlive its page', async () => {
    given.sender.track('a');
    await pass(250);
    const [{ init }] = given.line.requests as [(typeof given.line.requests)[number]];
    expect(init).toMatchObject({ method: 'POST', keepalive: true });
    expect(new Headers(init.headers).get('content-type') ?? 'text/plain').toMatch(/^text\/plain/);
    expect(typeof init.body).toBe('string');
  });

  it('a page that goes hands over at once, and nothing twice', async () => {
    const { line, sender } = given;
    sender.track('a');
    goAway();
    expect(line.requests).toHaveLength(1);
    await pass(LONG_MS);
    expect(line.requests).toHaveLength(1);
    expect(line.settled).toEqual(['a']);
  });

  it('a page that goes hands over beside what is under way, which it does not send again', async () => {
    const { line, sender } = given;
    line.answer('hangs', 'ok');
    sender.track('a');
    await pass(300);
    sender.track('b');
    goAway();
    expect(line.requests.map(({ events }) => events.map(({ name }) => name))).toEqual([['a'], ['b']]);
  });

  it('a page that goes hands over in as many requests as it takes', () => {
    for (let n = 0; n < 120; n++) given.sender.track('t');
    goAway();
    expect(given.line.requests.map(({ events }) => events.length)).toEqual([100, 20]);
  });

  it('a page that goes keeps to a pause that was asked for', async () => {
    const { line, sender } = given;
    line.answer({ status: 503, headers: { 'retry-after': '60' } }, 'ok');
    sender.track('a');
    await pass(300);
    goAway();
    expect(line.requests).toHaveLength(1);
    expect(line.beacons).toEqual([]);
  });

  it('a pause that was asked for holds whatever becomes of another request that was under way', async () => {
    const { line, sender } = given;
    line.answer('hangs', { status: 429, headers: { 'retry-after': '120' } }, 'ok');
    sender.track('a');
    await pass(300);
    sender.track('b');
    goAway();
    await pass(1);
    setHidden(false);
    await pass(115_000);
    expect(line.requests).toHaveLength(2);
    await pass(LONG_MS);
    expect([...line.settled].sort()).toEqual(['a', 'b']);
  });

  it('a beacon goes where the browser refuses the request of a page that goes, and the events stay', async () => {
    const { line, sender } = given;
    line.answer('no network', 'no network', 'ok');
    sender.track('a');
    goAway();
    await pass(1);
    expect(line.beacons.flatMap((body) => subject.eventsOf(body).map(({ name }) => name))).toEqual(['a']);
    setHidden(false);
    await pass(LONG_MS);
    expect(line.settled).toEqual(['a']);
    expect(new Set(line.requests.map(({ events }) => events[0]?.text)).size).toBe(1);
  });

  it('what a page could not send the next one does, the same to the letter', async () => {
    const { line } = given;
    line.answer('no network');
    given.sender.track('a', { n: 1 });
    await pass(2_000);
    line.answer('ok');
    const before = line.requests.length;
    given.sender = given.sender.reload();
    given.sender.track('b');
    await pass(LONG_MS);
    expect(line.settled).toEqual(['a', 'b']);
    expect(line.requests.length).toBeGreaterThan(before);
    const tries = line.requests.flatMap(({ events }) => events.filter(({ name }) => name === 'a'));
    expect(new Set(tries.map(({ text }) => text)).size).toBe(1);
  });

  it('a tracker that was ended tries no more', async () => {
    const { line, sender } = given;
    line.answer({ status: 503 });
    sender.track('a');
    await pass(300);
    sender.stop();
    await pass(1);
    const { length } = line.requests;
    window.dispatchEvent(new Event('online'));
    await pass(LONG_MS);
    expect(line.requests).toHaveLength(length);
  });
}

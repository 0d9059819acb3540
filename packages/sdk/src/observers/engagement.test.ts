import { beforeEach, describe, expect, it } from 'vitest';
import { pass, setHidden } from '../testing/page.ts';
import { openTracker, page, tracker, visitInEachTest } from '../testing/visit.ts';
import { engagement } from './engagement.ts';

let navigation: EventTarget;

const setFocus = (focused: boolean): void => {
  Object.defineProperty(document, 'hasFocus', { value: () => focused, configurable: true });
  window.dispatchEvent(new Event(focused ? 'focus' : 'blur'));
};

const navigate = (path: string, sameDocument = true): void => {
  const destination = { url: new URL(path, location.href).href, sameDocument };
  navigation.dispatchEvent(Object.assign(new Event('navigate'), { destination }));
};

const told = async () => {
  await pass(1_000);
  return page.collector.events().map(({ type, props }) => `${type} ${props?.engagement_time_msec}`);
};

visitInEachTest({ opens: false });
beforeEach(() => {
  history.replaceState({}, '', '/a');
  navigation = new EventTarget();
  setFocus(true);
  openTracker({ observers: [engagement] }, { navigation } as object);
  tracker.consent({ audience: true });
});

describe('engagement', () => {
  it('tells the time in front when the page is hidden, once', async () => {
    await pass(5_000);
    setHidden(true);
    window.dispatchEvent(new Event('pagehide'));
    expect(await told()).toEqual(['engagement 5000']);
  });

  it('counts neither hidden time nor time without focus', async () => {
    await pass(1_000);
    setFocus(false);
    await pass(60_000);
    setFocus(true);
    await pass(2_000);
    setHidden(true);
    await pass(60_000);
    setHidden(false);
    await pass(1_500);
    setHidden(true);
    expect(await told()).toEqual(['engagement 3000', 'engagement 1500']);
  });

  it('keeps less than a second for the next time', async () => {
    await pass(999);
    setHidden(true);
    expect(await told()).toEqual([]);
    setHidden(false);
    await pass(1);
    setHidden(true);
    expect(await told()).toEqual(['engagement 1000']);
  });

  it('stops in the back/forward cache', async () => {
    await pass(2_000);
    window.dispatchEvent(new Event('pagehide'));
    await pass(60_000);
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    await pass(3_000);
    window.dispatchEvent(new Event('pagehide'));
    expect(await told()).toEqual(['engagement 2000', 'engagement 3000']);
  });

  it('is told of the page that is left, before its address changes', async () => {
    await pass(2_000);
    navigate('/a?size=4#f');
    await pass(2_000);
    navigate('/other-document', false);
    await pass(2_000);
    navigate('/b');
    history.pushState({}, '', '/b');
    await pass(3_000);
    setHidden(true);
    expect(await told()).toEqual(['engagement 6000', 'engagement 3000']);
    expect(page.collector.events().map(({ page }) => new URL(page!.url).pathname)).toEqual(['/a', '/b']);
  });

  it('does not count a page that opens in the background', async () => {
    tracker.stop();
    await pass(1);
    setHidden(true);
    openTracker({ observers: [engagement] });
    tracker.consent({ audience: true });
    await pass(60_000);
    setHidden(false);
    await pass(4_000);
    setHidden(true);
    expect(await told()).toContain('engagement 4000');
  });

  it('tells nothing after the stop', async () => {
    await pass(2_000);
    tracker.stop();
    await pass(1);
    setHidden(true);
    expect(await told()).toEqual([]);
  });
});

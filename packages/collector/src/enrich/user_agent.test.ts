import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createUserAgentReader, reduceUserAgent } from './user_agent.ts';

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const windows = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/156.0.1.2 Safari/537.36`;

describe('reduceUserAgent', () => {
  it.each([
    [windows, { device: 'desktop', browser: 'Chrome 156', os: 'Windows 10', bot: false }],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0`,
      { device: 'desktop', browser: 'Microsoft Edge 156', os: 'Windows 10', bot: false },
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
      { device: 'desktop', browser: 'Safari 26', os: 'macOS 10', bot: false },
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
      { device: 'desktop', browser: 'Firefox 145', os: 'Linux', bot: false },
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1',
      { device: 'mobile', browser: 'Safari 18', os: 'iOS 18', bot: false },
    ],
    [
      `Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/150.0.0.0 Mobile Safari/537.36`,
      { device: 'mobile', browser: 'Chrome 150', os: 'Android 10', bot: false },
    ],
    [
      'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      { device: 'tablet', browser: 'Safari 17', os: 'iOS 17', bot: false },
    ],
    [
      `Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) ${webkit} 76.0.3809.146/6.0 TV Safari/537.36`,
      { device: 'tv', browser: 'Tizen', os: 'Tizen 6', bot: false },
    ],
    [
      `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/156.0.0.0 Safari/537.36`,
      { device: 'desktop', browser: 'Chrome 156', os: 'Chrome OS', bot: false },
    ],
    [
      'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
      { device: 'other', browser: 'Googlebot 2', bot: true },
    ],
    [
      `Mozilla/5.0 (X11; Linux x86_64) ${webkit} HeadlessChrome/150.0.0.0 Safari/537.36`,
      { device: 'desktop', browser: 'Chrome 150', os: 'Linux', bot: true },
    ],
  ])('%s', (userAgent, reduced) => {
    expect(reduceUserAgent(userAgent)).toEqual(reduced);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        expect(reduceUserAgent(text)).toHaveProperty('device');
      }),
    );
  });
});

describe('createUserAgentReader', () => {
  it('calls an absent User-Agent other, and no bot', () => {
    const read = createUserAgentReader();
    expect(read(undefined)).toEqual({ device: 'other', bot: false });
    expect(read('')).toEqual({ device: 'other', bot: false });
  });

  it('answers a repeat from memory', () => {
    const read = createUserAgentReader();
    expect(read(windows)).toBe(read(windows));
  });

  it('forgets what was not used for long, and keeps what is in use', () => {
    const read = createUserAgentReader();
    const [used, unused] = [read('used/1'), read('unused/1')];
    for (let other = 0; other < 2_500; other++) {
      read(`other/${other}`);
      read('used/1');
    }
    expect(read('used/1')).toBe(used);
    expect(read('unused/1')).not.toBe(unused);
  });

  it('reads no more than 512 characters', () => {
    const read = createUserAgentReader();
    const long = windows.padEnd(512, ' ');
    expect(read(`${long}Googlebot`)).toBe(read(`${long}${'x'.repeat(100_000)}`));
    expect(read(`${long}Googlebot`).bot).toBe(false);
  });
});

import { launch } from 'puppeteer-core';
import { findFirefox } from '../../../../scripts/firefox.mjs';
import type { BrowserKind } from './browser.ts';
import { puppetProfile } from './puppet.ts';

/** A browser that was killed comes back with nothing but what is asked for. */
const PLAIN = { 'browser.sessionstore.resume_from_crash': false, 'toolkit.startup.max_resumed_crashes': -1 };

export const firefox: BrowserKind = {
  name: 'firefox',
  async open(folder, { isPrivate, blocksCookies } = {}) {
    const executablePath = findFirefox();
    if (executablePath === undefined) throw new Error('no Firefox: run node scripts/firefox.mjs');
    return puppetProfile(
      await launch({
        browser: 'firefox',
        executablePath,
        userDataDir: folder,
        extraPrefsFirefox: {
          ...PLAIN,
          'browser.privatebrowsing.autostart': !!isPrivate,
          // 2: every site is refused every kind of storage; 5: Firefox's own choice.
          'network.cookie.cookieBehavior': blocksCookies ? 2 : 5,
        },
      }),
    );
  },
};

import { launch } from 'puppeteer-core';
import { chromiumArgs, findChromium } from '../../../../scripts/chromium.mjs';
import type { BrowserKind } from './browser.ts';
import { startsIn } from './folder.ts';
import { puppetProfile } from './puppet.ts';

/** What the settings page calls "block all cookies": every kind of storage goes with them. */
const BLOCKED = { profile: { default_content_setting_values: { cookies: 2 } } };

/** What Puppeteer switches off and visitors have. */
const AS_VISITORS_HAVE = ['--disable-back-forward-cache'];

export const chromium: BrowserKind = {
  name: 'chromium',
  async open(folder, { isPrivate, blocksCookies } = {}) {
    const executablePath = findChromium();
    if (executablePath === undefined) throw new Error('no Chromium: run node scripts/chromium.mjs');
    if (blocksCookies) await startsIn(folder, 'Default/Preferences', JSON.stringify(BLOCKED));
    return puppetProfile(
      await launch({
        browser: 'chrome',
        executablePath,
        userDataDir: folder,
        args: [...chromiumArgs(), ...(isPrivate ? ['--incognito'] : [])],
        ignoreDefaultArgs: AS_VISITORS_HAVE,
      }),
    );
  },
};

import type { BrowserKind } from './browser.ts';
import { chromium } from './chromium.ts';
import { firefox } from './firefox.ts';
import { webkit } from './webkit.ts';

/** The engines that visitors come with. */
export const BROWSERS: readonly BrowserKind[] = [chromium, firefox, webkit];

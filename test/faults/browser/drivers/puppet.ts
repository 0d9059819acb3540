import { type Browser, connect, type Page } from 'puppeteer-core';
import type { Profile, Tab } from './browser.ts';

/** A browser that Puppeteer has started. */
export const puppetProfile = (browser: Browser): Profile => ({
  newTab: async () => puppetTab(await browser.newPage()),
  async quit() {
    // All but the empty one that it begins with: some end with their last page, before they can say that it is closed.
    for (const page of await browser.pages()) if (page.url() !== 'about:blank') await leave(page);
    await browser.close();
  },
  async kill() {
    const main = browser.process()!;
    // Every process of it is in the group that the first one leads.
    process.kill(-main.pid!, 'SIGKILL');
    if (main.exitCode === null && main.signalCode === null) await new Promise((resolve) => main.once('exit', resolve));
    // Nobody is there any more to say goodbye to.
    browser.disconnect().catch(() => {});
  },
});

function puppetTab(page: Page): Tab {
  /** A page that closes itself may never answer what it was asked. */
  const gone = new Promise<never>((_, reject) => page.once('close', () => reject(new Error('the tab is closed'))));
  gone.catch(() => {});
  return {
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    async run(act, ...args) {
      const asked = (of: Page) => Promise.race([gone, of.evaluate(act as never, ...args)]);
      try {
        return await asked(page);
      } catch (error) {
        const shown = /detached Frame/.test(`${error}`) && (await shownAhead(page));
        if (!shown) throw error;
        return asked(shown).finally(() => shown.browser().disconnect());
      }
    },
    async opens(act) {
      const opened = new Promise<Page | null>((resolve) => page.once('popup', resolve));
      await page.evaluate(act);
      return puppetTab((await opened)!);
    },
    click: (selector) => page.click(selector),
    close: () => leave(page),
    setOffline: (isOffline) => page.setOfflineMode(isOffline),
  };
}

/**
 * The page that was loaded ahead and is shown now, by a connection of its own: where it was put in the place of another, Puppeteer may
 * have taken the frame of both for gone, depending on which it heard of first.
 */
async function shownAhead(lost: Page): Promise<Page | undefined> {
  const browser = await connect({ browserWSEndpoint: lost.browser().wsEndpoint(), defaultViewport: null });
  const shownAfter = (): number =>
    (performance.getEntriesByType('navigation')[0] as unknown as { activationStart: number }).activationStart;
  for (const page of await browser.pages()) if ((await page.evaluate(shownAfter)) > 0) return page;
  await browser.disconnect();
  return undefined;
}

const leave = async (page: Page): Promise<void> => {
  if (page.isClosed()) return;
  const gone = new Promise((resolve) => page.once('close', resolve));
  await page.close({ runBeforeUnload: true });
  await gone;
};

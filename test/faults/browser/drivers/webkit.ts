import { fileURLToPath } from 'node:url';
import { startChild } from '../../../support/child.ts';
import { freePort } from '../../../support/free_port.ts';
import { until } from '../../../support/processes.ts';
import type { BrowserKind, Profile, ProfileOptions, Tab } from './browser.ts';
import { openScreen } from './screen.ts';
import { ELEMENT, openSession, type Session } from './webdriver.ts';

const WINDOW = fileURLToPath(new URL('webkit_window.js', import.meta.url));

/** WebKit for GTK, by its driver. */
export const webkit: BrowserKind = {
  name: 'webkit',
  async open(folder, options = {}) {
    for (let tries = 1; ; tries++) {
      try {
        return await openOnce(folder, options);
      } catch (error) {
        // Its driver and its window find one another by a port that somebody else may have.
        if (tries === 3) throw error;
      }
    }
  },
};

async function openOnce(folder: string, { isPrivate, blocksCookies }: ProfileOptions): Promise<Profile> {
  const [port, screen] = await Promise.all([freePort(), openScreen()]);
  const driver = startChild('WebKitWebDriver', [`--port=${port}`], {
    env: {
      DISPLAY: screen.name,
      HOME: folder,
      XDG_CACHE_HOME: `${folder}/home`,
      PROFILE: isPrivate ? '' : folder,
      BLOCKS_COOKIES: blocksCookies ? '1' : '',
      // Root has no sandbox of its own to put pages in.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    },
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    await driver.stop(signal);
    await screen.close();
  };
  const origin = `http://127.0.0.1:${port}`;
  const isListening = (): Promise<boolean> =>
    fetch(`${origin}/status`).then(
      () => true,
      () => false,
    );
  try {
    await until(isListening, 'the driver listens');
    const capabilities = { 'webkitgtk:browserOptions': { binary: WINDOW, args: [] } };
    return webkitProfile(await openSession(origin, capabilities), end);
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
}

function webkitProfile(session: Session, stop: (signal: NodeJS.Signals) => Promise<unknown>): Profile {
  const handles = async (): Promise<string[]> => (await session.command('GET', '/window/handles')) as string[];
  let first: string | undefined;
  return {
    // Beside the empty window that it begins with: without any it ends.
    async newTab() {
      first ??= (await handles())[0]!;
      // A session that looks at a window that has gone opens none.
      await session.command('POST', '/window', { handle: first });
      const { handle } = (await session.command('POST', '/window/new', { type: 'tab' })) as { readonly handle: string };
      return webkitTab(session, handle);
    },
    async quit() {
      for (const handle of await handles()) {
        await session.command('POST', '/window', { handle });
        await session.command('DELETE', '/window');
      }
      await stop('SIGTERM');
    },
    kill: async () => void (await stop('SIGKILL')),
  };
}

function webkitTab(session: Session, handle: string): Tab {
  /** A session looks at one window at a time. */
  const here = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> => {
    await session.command('POST', '/window', { handle });
    return session.command(method, path, body);
  };
  const run: Tab['run'] = async (act, ...args) => {
    const script = `const done = arguments[arguments.length - 1];
      Promise.resolve((${act}).apply(null, arguments[0])).then(
        (result) => done({ result }), (error) => done({ error: String(error) }))`;
    const told = await here('POST', '/execute/async', {
      script: `try { ${script} } catch (error) { arguments[1]({ error: String(error) }) }`,
      args: [args],
    });
    const { result, error } = told as { readonly result: never; readonly error?: string };
    if (error !== undefined) throw new Error(error);
    return result;
  };
  return {
    run,
    goto: async (url) => void (await here('POST', '/url', { url })),
    reload: async () => void (await here('POST', '/refresh', {})),
    async opens(act) {
      const before = (await here('GET', '/window/handles')) as string[];
      await run(act);
      let opened: string | undefined;
      await until(async () => {
        const now = (await here('GET', '/window/handles')) as string[];
        opened = now.find((one) => !before.includes(one));
        return opened !== undefined;
      }, 'a window opens');
      return webkitTab(session, opened!);
    },
    async click(selector) {
      const found = await here('POST', '/element', { using: 'css selector', value: selector });
      await session.command('POST', `/element/${(found as Record<string, string>)[ELEMENT]}/click`, {});
    },
    close: async () => void (await here('DELETE', '/window')),
    // It has no such switch: what the page would be told is told.
    setOffline: (isOffline) =>
      run((isOffline) => void dispatchEvent(new Event(isOffline ? 'offline' : 'online')), isOffline),
  };
}

import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { ROOT } from '../support/child.ts';
import { CONSENT_MANAGERS, type ManagedPage } from '../support/consent_managers.ts';
import type { GuidedManager } from './played_managers.ts';

/** The guide's blocks of managers that are on npm: the tests run them with the manager itself. */
const BLOCKS: Readonly<Record<string, { readonly block: string; readonly cookies: readonly string[] }>> = {
  vanilla_cookieconsent: { block: 'vanilla', cookies: ['cc_cookie'] },
  klaro: { block: 'klaro', cookies: ['klaro'] },
  tarteaucitron: { block: 'tarteaucitron', cookies: ['tarteaucitron'] },
};

const guided = (manager: ManagedPage): GuidedManager => ({
  source: manager.source,
  block: '',
  cookies: [],
  ...BLOCKS[manager.source],
  // Of tarteaucitron's services the guide's block names its own.
  head: manager.head.replace(/ {2}for \(const \[key, type\][^;]*;\n {2}tarteaucitron\.job = .*;\n/, ''),
  asked: manager.asked,
  accept: manager.accept,
  withdraw: (page) =>
    manager.source === 'tarteaucitron' ? refuseTarteaucitron(page) : manager.choose(page, false, false),
});

const refuseTarteaucitron = async (page: Page): Promise<void> => {
  await page.evaluate('tarteaucitron.userInterface.openPanel()');
  await page.locator('#parcoursDenied').click();
};

/** A TCF manager on the libraries of IAB Tech Lab, as the example shop's. */
async function tcfManager(): Promise<GuidedManager> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { decode, encode, startApi } from './tc_string.js';
        const tell = startApi();
        const signals = ['purpose.1', 'purpose.7', 'purpose.8', 'purpose.9'];
        const kept = localStorage.getItem('shop_tc_string') ?? '';
        window.asked = kept === '';
        tell(kept, asked);
        window.answer = (granted) => {
          const text = encode(Object.fromEntries(signals.map((signal) => [signal, granted])));
          localStorage.setItem('shop_tc_string', text);
          tell(text, false);
        };`,
      resolveDir: join(ROOT, 'examples/shop/public'),
    },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
  });
  return {
    source: 'tcf',
    block: 'tcf',
    cookies: [],
    head: `<script src="/npm/@iabtcf/stub/lib/stub.js"></script><script type="module">${outputFiles[0]?.text}</script>`,
    asked: (page) => page.waitForFunction('globalThis.asked'),
    accept: (page) => page.evaluate('answer(true)'),
    withdraw: (page) => page.evaluate('answer(false)'),
  };
}

export const NPM_MANAGERS: readonly GuidedManager[] = [...CONSENT_MANAGERS.map(guided), await tcfManager()];

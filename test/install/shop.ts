import { type Guide, readGuide } from '../support/guide.ts';
import { type ServedPage, servePage } from '../support/page.ts';
import { type Program, startProgram } from '../support/program.ts';

export const INSTALL: Guide = readGuide('docs/install.md');

/** The addresses that the guide names, as a search in its blocks. */
export const COLLECTOR = 'https://collect.shop.example';
export const SHOP = 'https://shop.example';

/** The browser asks for no icon of the page's origin then. Left out under a policy, which forbids pictures of any kind. */
const ICON = '<link rel="icon" href="data:,">';

/** The guide's shop and collector, running; the shop's page is what a test makes it. */
export interface Shop {
  readonly program: Program;
  /** Of its pages, as a browser sees it. */
  readonly origin: string;
  /** Where the pages come from; the same, unless a proxy stands in front. */
  readonly site: string;
  /** A block of the guide with the addresses of this run. */
  block(name: string, replacements?: Readonly<Record<string, string>>): string;
  /** From now on every page of the shop has this head, and the header line as the guide writes it. */
  serve(head: string, header?: string): void;
  /** Types of the events stored for a page, once all of them are there. */
  typesWhen(path: string, wanted: readonly string[]): Promise<readonly unknown[]>;
  stop(): Promise<void>;
}

/**
 * Starts both.
 *
 * @param config names of blocks of the guide that make the collector's configuration together
 * @param proxy  the origin that a proxy in front will have
 */
export async function startShop(config: readonly string[], proxy?: string): Promise<Shop> {
  let page = '';
  let headers: Readonly<Record<string, string>> = {};
  const site = await servePage(
    () => page,
    () => headers,
  );
  const origin = proxy ?? site.origin;
  const settings = config.map((name) => JSON.parse(INSTALL.block(name).replaceAll(SHOP, origin)));
  const program = await startProgram({ config: Object.assign({}, ...settings) });
  return {
    program,
    origin,
    site: site.origin,
    block: (name, replacements = {}) =>
      INSTALL.block(name, replacements).replaceAll(COLLECTOR, program.collector).replaceAll(SHOP, origin),
    serve: (head, header) => {
      page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>${header ? '' : ICON}${head}</head><body></body></html>`;
      const [name = '', value = ''] = header?.split(/:(.*)/s) ?? [];
      headers = header ? { [name]: value.trim() } : {};
    },
    typesWhen: async (path, wanted) => {
      const rows = await program.rowsWhen(
        `select type from events where path = '${path}' order by occurred_at, seq`,
        (found) => wanted.every((type) => found.some((row) => row.type === type)),
      );
      return rows.map(({ type }) => type);
    },
    stop: () => stopBoth(program, site),
  };
}

async function stopBoth(program: Program, site: ServedPage): Promise<void> {
  await program.stop();
  await site.stop();
}

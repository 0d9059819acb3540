import { type ControlState, isOpen, keysOf, openControlFeed, sitesOf } from '@parcours/store/control';
import type { Config } from '../config/index.ts';
import type { SiteInForce } from './context.ts';

/** What commands have recorded in a data folder; undefined where it cannot be read. */
export async function readControl(folder: string): Promise<ControlState | undefined> {
  try {
    const feed = await openControlFeed({ folder, watch: () => () => {} });
    await feed.stop();
    return feed.state;
  } catch {
    return undefined;
  }
}

/** The sites of the configuration, then those that commands added; keys of commands open either. */
export function sitesInForce(
  configured: Config['sites'],
  control: ControlState | undefined,
  now: number,
): readonly SiteInForce[] {
  const open = control ? keysOf(control, now).filter(isOpen) : [];
  const added = control ? sitesOf(control) : [];
  const sites = [
    ...configured,
    ...added
      .filter(({ site }) => !configured.some(({ id }) => id === site))
      .map(({ site, origins }) => ({ id: site, origins, keys: [] as readonly string[] })),
  ];
  return sites.map(({ id, origins, keys }) => {
    const made = open.flatMap(({ created }) =>
      created.use === 'public' && created.site === id ? created.public_key : [],
    );
    return { id, origins, keys: [...keys, ...made] };
  });
}

import { PAGE_RIGHTS, type PageRight } from '@parcours/collector';
import type { ControlState } from '@parcours/store/control';
import { isOpen, keysOf, type SiteAdded, sitesOf } from '@parcours/store/control';
import type { Config } from '../config/index.ts';

/** A site that may send, with what opens it; as the collector takes it. */
export interface SiteInForce {
  readonly id: string;
  readonly origins: string[];
  readonly queryKeys: string[];
  readonly hosts: string[];
  readonly cookieDomains: string[];
  readonly rightsFromPages: PageRight[];
  /** Public keys. */
  readonly keys: string[];
  readonly secretKeyHashes: { readonly id: string; readonly hash: string }[];
}

/** A site as it is shown: nothing that opens anything is in it. */
export interface SiteSummary {
  readonly id: string;
  readonly origins: readonly string[];
  /** Public and secret keys that open it now. */
  readonly activeKeys: number;
  readonly source: SiteSource;
}

/** Whether the configuration file has the site, or a command added it. */
export type SiteSource = 'configuration' | 'command';

export interface Told {
  /** Sites of the configuration file. */
  readonly configured: Config['sites'];
  readonly control: ControlState;
  /** Ms since the epoch. */
  readonly now: number;
}

/**
 * The sites that may send at a time: those of the configuration file, then those that commands added. Where both have one of
 * a name its settings are the file's. Keys made by commands open either.
 */
export function sitesInForce({ configured, control, now }: Told): readonly SiteInForce[] {
  const open = keysOf(control, now).filter(isOpen);
  const settings = new Map([
    ...sitesOf(control).map((added) => [added.site, settingsOf(added)] as const),
    ...configured.map((site) => [site.id, site] as const),
  ]);
  return inOrder({ configured, control }).map((id) => {
    const { origins, queryKeys, hosts, cookieDomains, rightsFromPages, keys } = settings.get(id)!;
    const made = open.map(({ created }) => created);
    return {
      ...{ id, origins, queryKeys, hosts, cookieDomains, rightsFromPages },
      keys: [...keys, ...made.flatMap((key) => (key.use === 'public' && key.site === id ? key.public_key : []))],
      secretKeyHashes: made.flatMap((key) =>
        key.use === 'server' && key.site === id ? { id: key.key, hash: key.hash } : [],
      ),
    };
  });
}

export function siteSummaries(told: Told): readonly SiteSummary[] {
  const configured = new Set(told.configured.map(({ id }) => id));
  return sitesInForce(told).map(({ id, origins, keys, secretKeyHashes }) => ({
    id,
    origins,
    activeKeys: keys.length + secretKeyHashes.length,
    source: configured.has(id) ? 'configuration' : 'command',
  }));
}

function inOrder({ configured, control }: Pick<Told, 'configured' | 'control'>): readonly string[] {
  return [...new Set([...configured.map(({ id }) => id), ...sitesOf(control).map(({ site }) => site)])];
}

const settingsOf = ({ origins, query_keys, hosts, cookie_domains, rights_from_pages = [] }: SiteAdded) => ({
  origins: [...origins],
  queryKeys: [...query_keys],
  hosts: [...hosts],
  cookieDomains: [...cookie_domains],
  // What a newer program allows is not known here, and not allowed.
  rightsFromPages: PAGE_RIGHTS.filter((right) => rights_from_pages.includes(right)),
  keys: [] as string[],
});

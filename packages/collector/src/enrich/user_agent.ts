import Bowser from 'bowser';
import { isbot } from 'isbot';
import { createRecentlyUsed } from '../recently_used.ts';

/** What is kept of a User-Agent: families and major versions, nothing that singles out a device. */
export interface ReducedUserAgent {
  readonly device: DeviceClass;
  /** Family and major version, such as `Chrome 156`. */
  readonly browser?: string;
  readonly os?: string;
  /** A known crawler or a headless browser, by its own words. */
  readonly bot: boolean;
}

export type DeviceClass = 'desktop' | 'mobile' | 'tablet' | 'tv' | 'other';

/** Characters of a User-Agent that are read: real ones are under 300, and the rest may be hostile. */
const MAX_CHARS = 512;

/** User-Agents of one generation: most of a shop's visitors share a few hundred. */
const REMEMBERED = 1_000;

/**
 * Returns a reader of User-Agents that remembers the last ones, for parsing one costs tens of microseconds.
 * Absent or unknown ones are device `other`. Never throws.
 */
export function createUserAgentReader(): (userAgent: string | undefined) => ReducedUserAgent {
  const known = createRecentlyUsed<ReducedUserAgent>(REMEMBERED);
  return (userAgent) => {
    if (!userAgent) return { device: 'other', bot: false };
    const text = userAgent.length > MAX_CHARS ? userAgent.slice(0, MAX_CHARS) : userAgent;
    const before = known.get(text);
    if (before) return before;
    const reduced = reduceUserAgent(text);
    known.set(text, reduced);
    return reduced;
  };
}

/** One User-Agent without memory. Sources: bowser for families, isbot for bots. */
export function reduceUserAgent(userAgent: string): ReducedUserAgent {
  const text = userAgent.slice(0, MAX_CHARS);
  const bot = isbot(text);
  try {
    const { browser, os, platform } = Bowser.parse(text);
    const browserName = family(browser.name, browser.version);
    const osName = family(os.name, os.name === 'Windows' ? os.versionName : os.version);
    return {
      device: deviceOf(platform.type, os.name),
      ...(browserName && { browser: browserName }),
      ...(osName && { os: osName }),
      bot,
    };
  } catch {
    // Bowser throws on an empty text only; a parser of strangers' words is not trusted to stay that way.
    return { device: 'other', bot };
  }
}

function deviceOf(platform: string | undefined, os: string | undefined): DeviceClass {
  if (platform === 'desktop' || platform === 'mobile' || platform === 'tablet' || platform === 'tv') return platform;
  return platform === undefined && os === 'Chrome OS' ? 'desktop' : 'other';
}

function family(name: string | undefined, version: string | undefined): string | undefined {
  if (!name) return undefined;
  const major = /^\d+/.exec(version ?? '')?.[0] ?? (/^(XP|Vista|ME)$/.test(version ?? '') ? version : undefined);
  return major === undefined ? name : `${name} ${major}`;
}

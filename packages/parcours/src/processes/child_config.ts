import type { Config } from '../config/index.ts';
import type { ChildRole } from './messages.ts';

/**
 * The configuration as a part of the program needs it: the reader receives no events, so it is told no secret key, and
 * neither is told where alerts go, which the parent sends.
 */
export function childConfig(role: ChildRole, { alerts: { webhook, ...alerts }, ...config }: Config): Config {
  const sites = role === 'collector' ? config.sites : config.sites.map((site) => ({ ...site, secretKeys: [] }));
  return { ...config, alerts, sites };
}

import type { Config } from '../config.ts';
import type { ChildRole } from './messages.ts';

/** The configuration as a part of the program needs it: the reader receives no events, so it is told no secret key. */
export const childConfig = (role: ChildRole, config: Config): Config =>
  role === 'collector' ? config : { ...config, sites: config.sites.map((site) => ({ ...site, secretKeys: [] })) };

import type { Config } from '../config/index.ts';

/** The configuration as a part of the program needs it: neither is told where alerts go, which the parent sends. */
export function childConfig({ alerts: { webhook, ...alerts }, ...config }: Config): Config {
  return { ...config, alerts };
}

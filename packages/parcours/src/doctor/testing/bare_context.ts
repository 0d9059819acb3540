import { config as schema } from '../../config/index.ts';
import { dataFolder } from '../../data_folder.ts';
import type { Context } from '../context.ts';
import { ask } from '../http.ts';

/** A context for checks that look at the outside alone: there is no data, nothing runs, and whatever looks there says so. */
export function contextOf({
  diagnoseSecret,
  ...more
}: Partial<Omit<Context, 'probes'>> & { readonly diagnoseSecret?: Uint8Array }): Context {
  const none = (what: string) => (): never => {
    throw new Error(`this context has no ${what}`);
  };
  return {
    folder: dataFolder('/nowhere'),
    config: schema.parse({}),
    configFile: undefined,
    configFault: undefined,
    sites: [],
    control: undefined,
    run: undefined,
    url: undefined,
    page: undefined,
    ...more,
    probes: {
      now: Date.now,
      ask,
      diagnoseSecret: async () => diagnoseSecret,
      fileSystem: none('disk'),
      space: none('disk'),
      syncTimes: none('disk'),
      clockSynchronised: none('clock'),
      query: none('tables'),
      nodeVersion: process.versions.node,
    },
  };
}

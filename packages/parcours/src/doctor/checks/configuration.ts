import { stat } from 'node:fs/promises';
import { defineCheck } from '../check.ts';

/** The configuration file, and whether what runs was started with it as it is now. */
export const configuration = defineCheck({
  name: 'configuration',
  about: 'The configuration file: no error in it, and not changed since the program started.',
  faults: {
    invalid: {
      verdict: 'red',
      means: 'What runs goes on as it was started; the next start fails.',
      fix: 'repair the file at the place that is named',
    },
    changed: {
      verdict: 'warning',
      means: 'What runs does not know of the change.',
      fix: 'restart it: systemctl restart parcours, or stop and start parcours serve',
    },
  },
  async run({ run, configFile, configFault, sites }, tell) {
    if (configFault !== undefined) return { found: configFault, faults: [tell('invalid', configFault)] };
    const file = configFile === undefined ? undefined : await stat(configFile).catch(() => undefined);
    if (!file) return { found: `no configuration file: defaults; sites ${listed(sites)}`, faults: [] };
    const found = `${configFile}; sites ${listed(sites)}`;
    const isNewer = run?.started_at !== undefined && file.mtimeMs > Date.parse(run.started_at);
    const faults = isNewer ? [tell('changed', `${configFile} was changed after the program had started`)] : [];
    return { found, faults };
  },
});

const listed = (sites: readonly { readonly id: string }[]): string => sites.map(({ id }) => id).join(', ') || 'none';

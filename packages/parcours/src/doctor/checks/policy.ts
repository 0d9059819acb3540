import { parsePolicy } from '@parcours/protocol/policy';
import { policyWarnings, warningText } from '../../policy/policy_warnings.ts';
import { policyNow } from '../../policy/published.ts';
import { defineCheck, type Fault } from '../check.ts';

/** What may be collected, and on which choice. */
export const policy = defineCheck({
  name: 'policy',
  about: 'The consent policy in force: what it says is legal as far as is known, and fits the sites that there are.',
  faults: {
    faulty: {
      verdict: 'red',
      means:
        'This program would not publish the policy: what it knows of the law, or of the format, is newer or older.',
      fix: 'repair it where it is named, give it a new version, and publish it: parcours policy publish',
    },
    unnamed_site: {
      verdict: 'warning',
      means: 'Nobody said what holds for the site: it has the rules for all, under the law of the policy’s country.',
      fix: 'name it in the policy, with its country: "sites": { "{site}": { "country": "FR" } }; then parcours policy publish',
    },
    doubtful: {
      verdict: 'warning',
      means: 'The policy may not do what was meant, such as a consent source that grants nothing.',
      fix: 'see what it comes to: parcours policy show --site {site}',
    },
  },
  async run({ sites, control }, tell) {
    if (!control) return { notChecked: 'the control records cannot be read' };
    const { version, hash, policy: current, since } = policyNow(control);
    const found = `policy ${version} (${hash}), ${since === undefined ? 'built in: none was published' : `since ${since}`}`;
    const { faults: broken = [] } = parsePolicy(current);
    const faults: Fault[] = broken.map(({ path, rule }) => tell('faulty', `${path}: ${rule}`));
    if (broken.length > 0) return { found, faults };
    const ids = sites.map(({ id }) => id);
    // Nobody named anything in the built-in one.
    const unnamed = since === undefined ? [] : ids.filter((id) => !Object.hasOwn(current.sites ?? {}, id));
    for (const site of unnamed) faults.push(tell('unnamed_site', `${site} is not named`, { values: { site } }));
    for (const warning of policyWarnings(current, []))
      faults.push(tell('doubtful', warningText(warning), { values: { site: warning.site ?? ids[0] ?? 'shop' } }));
    return { found, faults };
  },
});

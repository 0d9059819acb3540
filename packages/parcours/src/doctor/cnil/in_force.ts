import { maximumOf } from '@parcours/protocol/policy';
import { policyNow } from '../../policy/published.ts';
import { type Check, defineCheck } from '../check.ts';
import type { Context } from '../context.ts';
import { exhibitsOf, rulesOf } from './evidence.ts';

/** The criteria of what is in force and runs. */

export const purpose: Check = defineCheck({
  name: 'purpose',
  about: 'Measuring audience for the site alone, under the preset that keeps to the exemption',
  faults: {
    purpose: {
      verdict: 'red',
      means:
        'Something is measured without consent that no exemption covers, or nothing is and there is nothing to prove.',
      fix: 'put "preset": "cnil-fr-2025" into the policy and publish it, or measure with consent: docs/consent.md',
    },
  },
  async run(context, tell) {
    const rules = rulesOf(context);
    const { version, hash } = policyNow(context.control!);
    const exempt = [...rules].filter(([, { preset }]) => preset !== undefined).map(([site]) => site);
    const faults = exempt.length === 0 ? [tell('purpose', 'the policy in force has the preset on no site')] : [];
    for (const { site, rules: of } of await exhibitsOf(context)) {
      if (of.preset === undefined)
        faults.push(tell('purpose', `${site}: measured without consent, and has no preset now`));
      else if (of.purposes.audience_exempt?.basis !== 'exempt')
        faults.push(tell('purpose', `${site}: the purpose audience_exempt is not listed`));
    }
    return { found: `policy ${version} (${hash}), preset cnil-fr-2025 on ${exempt.join(', ') || 'no site'}`, faults };
  },
});

export const durations: Check = defineCheck({
  name: 'durations',
  about: 'An id lives 13 months at the most and is not prolonged, data 25 months',
  faults: {
    durations: {
      verdict: 'red',
      means: 'Longer than the CNIL recommends.',
      fix: 'cookie_days at most 395, retention.audience_exempt_days at most 759; parcours policy check names it',
    },
  },
  async run(context, tell) {
    const exhibits = [...rulesOf(context)].filter(([, { preset }]) => preset !== undefined);
    return {
      found:
        exhibits
          .map(
            ([site, { cookie_days, retention }]) =>
              `${site}: no id is stored without consent, with it ${cookie_days} days; data ${retention.audience_exempt_days} days`,
          )
          .join('; ') || 'on no site',
      faults: exhibits.flatMap(([site, { cookie_days, retention }]) => {
        const days = { cookie_days, audience_exempt_days: retention.audience_exempt_days };
        return (Object.keys(days) as (keyof typeof days)[])
          .filter((name) => days[name] > maximumOf(name, 'FR').maximum)
          .map((name) => tell('durations', `${site}: ${name} is ${days[name]}`));
      }),
    };
  },
});

/** Row by row, or exact: what the console must refuse. */
const ROWS = 'SELECT * FROM exempt';
const UNROUNDED = `SELECT count(*) AS unrounded FROM exempt_counts
  WHERE count < 10 OR count % 10 <> 0 OR visitors < 10 OR visitors % 10 <> 0`;

export const statistics: Check = defineCheck({
  name: 'statistics',
  about: 'Only anonymous statistics come out: rounded to ten, no cell under ten, no rows',
  faults: {
    statistics: {
      verdict: 'red',
      means: 'Somebody may be told apart.',
      fix: 'upgrade the reader: this version rounds in every output',
    },
  },
  async run({ probes }, tell) {
    const [{ unrounded = 0 } = {}] = await probes.query(UNROUNDED);
    const isRefused = await probes.query(ROWS).then(
      () => false,
      (error: Error) => /there is no table "exempt"/.test(error.message),
    );
    return {
      found: `${unrounded} counts that are not rounded; single rows ${isRefused ? 'are refused, to every role' : 'can be read'}`,
      faults: [
        ...(Number(unrounded) > 0 ? [tell('statistics', `${unrounded} counts are under ten or not rounded`)] : []),
        ...(isRefused ? [] : [tell('statistics', 'single rows can be read')]),
      ],
    };
  },
});

/** 13 months, in seconds. */
const OBJECTION = /pc_objection_[\w-]+=1;.*Max-Age=34128000/;

export const objection: Check = defineCheck({
  name: 'objection',
  about: 'Visitors can object, and it lasts: 13 months',
  faults: {
    objection: {
      verdict: 'red',
      means: 'A visitor cannot end it.',
      fix: 'let the collector of this version run, with its scripts; link parcours.object() from the privacy page',
    },
  },
  async run(context, tell) {
    const { run } = context;
    if (!run) return { notChecked: 'nothing runs' };
    const sites = context.sites.filter(({ id }) => rulesOf(context).get(id)?.preset !== undefined);
    const faults = [];
    const script = await context.probes.ask(new URL('/p.exempt.js', run.collector), {});
    if (script.status !== 200) faults.push(tell('objection', `p.exempt.js is answered ${script.status}`));
    for (const site of sites)
      if (!(await answersObjection(context, site)))
        faults.push(tell('objection', `${site.id}: the collector does not confirm an objection`));
    return {
      found: `p.exempt.js is served; an objection is kept 395 days on ${sites.map(({ id }) => id).join(', ') || 'no site'}`,
      faults,
    };
  },
});

/** Tells one, as a page does; nothing of it is stored. */
async function answersObjection({ run, probes }: Context, site: Context['sites'][number]): Promise<boolean> {
  const now = new Date(probes.now()).toISOString();
  const body = {
    v: 1,
    site: site.id,
    key: site.keys[0],
    sdk: 'doctor',
    sent_at: now,
    stamps: [],
    events: [],
    objection: true,
  };
  const origin = site.origins[0];
  const answer = await probes.ask(new URL('/v1/events', run?.collector), {
    method: 'POST',
    headers: { 'content-type': 'text/plain', ...(origin && { origin }) },
    body: JSON.stringify(body),
  });
  return answer.status === 200 && answer.all('set-cookie').some((cookie) => OBJECTION.test(cookie));
}

import { EXEMPT_PROPS, SCREENS } from '@parcours/protocol';
import { type Check, defineCheck } from '../check.ts';
import { type Exhibit, exhibitsOf } from './evidence.ts';

type Held = Exhibit & { readonly rows: NonNullable<Exhibit['rows']> };

interface Criterion {
  readonly name: string;
  readonly about: string;
  /** What is shown of a site, and what breaks the criterion there; nothing where it is kept. */
  readonly shown: (exhibit: Held) => string;
  readonly breach: (exhibit: Held) => string | undefined;
  readonly means: string;
}

const FIX = 'find what wrote such rows (an import, another program) and stop it; they go when retention is over';

/** A criterion that the rows themselves prove. */
const ofRows = ({ name, about, shown, breach, means }: Criterion): Check =>
  defineCheck({
    ...{ name, about, faults: { [name]: { verdict: 'red', means, fix: FIX } } },
    async run(context, tell) {
      const exhibits = await exhibitsOf(context);
      const held = exhibits.filter((each): each is Held => each.rows !== undefined);
      return {
        found:
          held.length === 0 ? 'nothing is held yet' : held.map((each) => `${each.site}: ${shown(each)}`).join('; '),
        faults: held.flatMap((each) => {
          const broken = breach(each);
          return broken === undefined ? [] : [tell(name, `${each.site}: ${broken}`)];
        }),
      };
    },
  });

const beside = (found: readonly string[], allowed: readonly string[]): readonly string[] =>
  found.filter((each) => !allowed.includes(each));

const listed = (found: readonly string[]): string => found.join(', ') || 'none';

const TYPES = Object.keys(EXEMPT_PROPS);
const PROPS = [...new Set(Object.values(EXEMPT_PROPS).flat())];
const WIDTHS = ['/16', '/48'];

const DAY_MS = 86_400_000;

const ages = ({ rows: { oldest_day, newest_day } }: Held): string => `from ${oldest_day} to ${newest_day}`;

/** The criteria of what is held, each by the rows. */
export const HELD: readonly Check[] = [
  ofRows({
    name: 'event-types',
    about: 'At most three types of events: view, interaction, performance',
    shown: ({ rows }) => `types ${listed(rows.types)}`,
    breach: ({ rows }) =>
      beside(rows.types, TYPES).length > 0 ? `types ${listed(beside(rows.types, TYPES))}` : undefined,
    means: 'More is measured than the exemption covers.',
  }),
  ofRows({
    name: 'marketing',
    about: 'No campaign, click id, order, amount or customer',
    shown: ({ rows }) => `properties ${listed(rows.props)}`,
    breach: ({ rows }) =>
      beside(rows.props, PROPS).length > 0 ? `properties ${listed(beside(rows.props, PROPS))}` : undefined,
    means: 'What serves marketing needs consent.',
  }),
  ofRows({
    name: 'pages',
    about: 'Of a page its path, without query and title',
    shown: ({ rows }) => (rows.has_query ? 'paths with a query' : 'paths without query; there is no column for titles'),
    breach: ({ rows }) => (rows.has_query ? 'a path has a query' : undefined),
    means: 'A query may hold campaigns, searches and names.',
  }),
  ofRows({
    name: 'referrer',
    about: 'Of what led to a page its host',
    shown: ({ rows }) => (rows.has_referrer_path ? 'more than hosts' : 'hosts alone'),
    breach: ({ rows }) => (rows.has_referrer_path ? 'a referrer is more than a host' : undefined),
    means: 'A referrer’s address may tell what somebody searched for.',
  }),
  ofRows({
    name: 'browser',
    about: 'Of browser and system the major version',
    shown: ({ rows }) => (rows.has_minor_version ? 'minor versions too' : 'major versions alone'),
    breach: ({ rows }) => (rows.has_minor_version ? 'a minor version is kept' : undefined),
    means: 'Exact versions single out devices.',
  }),
  ofRows({
    name: 'screen',
    about: 'Of the screen one of three classes',
    shown: ({ rows }) => `screens ${listed(rows.screens)}`,
    breach: ({ rows }) =>
      beside(rows.screens, SCREENS).length > 0 ? `screens ${listed(beside(rows.screens, SCREENS))}` : undefined,
    means: 'Exact sizes single out devices.',
  }),
  ofRows({
    name: 'ip',
    about: 'Of the address two of four parts (IPv4 /16), or 48 bits (IPv6)',
    shown: ({ rows }) => `networks ${listed(rows.ip_widths)}`,
    breach: ({ rows }) =>
      beside(rows.ip_widths, WIDTHS).length > 0 ? `networks ${listed(beside(rows.ip_widths, WIDTHS))}` : undefined,
    means: 'A narrower network is nearer to one household.',
  }),
  ofRows({
    name: 'identifier',
    about: 'No id; a mark of the visitor within one day and site only where the policy says so',
    shown: ({ rows, rules }) =>
      `${rows.has_day_visitor ? 'a mark within one day' : 'no mark'}; policy: ${rules.exempt?.cookieless ? 'counts visitors of a day' : 'none'}`,
    breach: ({ rows, rules }) => {
      if (rows.has_visitor_of_sites) return 'one mark stands on two sites';
      if (rows.has_visitor_of_days) return 'one mark stands on two days';
      // The policy may have counted them before: what it says now binds from the day that it was changed.
      return rows.has_day_visitor && !rules.exempt?.cookieless
        ? 'visitors are marked, and the policy does not count them'
        : undefined;
    },
    means: 'Visitors could be followed over days or sites.',
  }),
  ofRows({
    name: 'joining',
    about: 'Not joined with anything: no event is held with consent and without, and times are cut to the minute',
    shown: ({ rows }) => `${rows.has_joined ? 'shared with' : 'apart from'} what was consented to`,
    breach: ({ rows }) => {
      if (rows.has_joined) return 'an event stands among those that were consented to as well';
      return rows.has_seconds ? 'times are more exact than the minute, by which rows could be joined' : undefined;
    },
    means: 'What is exempt may be matched with nothing else.',
  }),
  ofRows({
    name: 'data-age',
    about: 'Data are kept as long as the policy says, 25 months at the most',
    shown: (exhibit) => `${ages(exhibit)}; kept ${exhibit.rules.retention.audience_exempt_days} days`,
    breach: ({ rows, rules }) => {
      const days = Math.floor((Date.now() - Date.parse(rows.oldest_day)) / DAY_MS);
      // One more for the daily run that removes them.
      return days > rules.retention.audience_exempt_days + 1
        ? `the oldest is of ${rows.oldest_day}, ${days} days ago`
        : undefined;
    },
    means: 'Data are kept for too long.',
  }),
];

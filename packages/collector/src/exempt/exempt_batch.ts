import {
  type EventRecord,
  EXEMPT_PROPS,
  type FilteredCode,
  isExemptOpen,
  isExemptStamp,
  LIMITS,
  reduceToExempt,
  type SiteRules,
  stampFault,
} from '@parcours/protocol';
import type { StoredExempt } from '@parcours/store/log';
import { correctClock } from '../enrich/clock.ts';
import { exemptIpPrefix } from '../enrich/ip.ts';
import { createPageReader } from '../enrich/page.ts';
import { createUserAgentReader } from '../enrich/user_agent.ts';
import type { Failure } from '../failure.ts';
import type { JudgedSite } from '../options.ts';
import type { Envelope } from '../read_envelope.ts';
import type { Scrubber } from '../scrub/scrub.ts';
import type { Sender } from '../sender.ts';
import type { DayVisitors } from './day_visitors.ts';

/** What is told without consent in one batch. Nothing that the sender left in is believed to be allowed. */
export interface ExemptBatch {
  /** Whether the stamp that an event points at says that it was told without consent. */
  has(pointer: unknown): boolean;
  /** Why an event of this type is not taken; undefined where it is. */
  refuses(type: string): FilteredCode | undefined;
  /** A checked event as it rests. */
  store(
    event: EventRecord,
  ): { readonly row: StoredExempt; readonly failure?: undefined } | { readonly failure: Failure };
}

export interface ExemptOptions {
  readonly policies: { rulesOf(site: string): SiteRules; knows(hash: string): boolean };
  readonly dayVisitors: DayVisitors;
  readonly scrub: Scrubber;
}

const MINUTE_MS = 60_000;

const CLOCK = { skewMs: LIMITS.skewMs, futureMs: LIMITS.futureMs, backdateDays: 1 };

/** Judges what was told without consent by the rules of the site's preset. */
export function createExempt({ policies, dayVisitors, scrub }: ExemptOptions) {
  const readUserAgent = createUserAgentReader();
  // No query key is allowed, whatever a site allows with consent. A referrer is its host, of the site itself too.
  const readPage = createPageReader({ queryKeys: [], ownHosts: [], scrub: scrub.text });

  const client = (
    sender: Extract<Sender<JudgedSite>, { readonly source: 'web' }>,
    rules: SiteRules,
    receivedAt: number,
  ): Omit<StoredExempt, 'event_id' | 'type' | 'occurred_at'> => {
    const { address, userAgent, site } = sender;
    const prefix = address === undefined ? undefined : exemptIpPrefix(address);
    return {
      ...readUserAgent(userAgent),
      ...(prefix !== undefined && { ip_prefix: prefix }),
      ...(rules.exempt?.cookieless &&
        address !== undefined && { day_visitor: dayVisitors.mark(site.id, receivedAt, { address, userAgent }) }),
    };
  };

  return {
    ofBatch(
      batch: Pick<Envelope, 'stamps' | 'visitor_id' | 'withdrawn' | 'rotate'>,
      sender: Sender<JudgedSite>,
      { sentAt, receivedAt }: { readonly sentAt: number; readonly receivedAt: number },
    ): ExemptBatch {
      const rules = policies.rulesOf(sender.site.id);
      const { stamps } = batch;

      const refusal = (): FilteredCode | undefined => {
        // A shop's server stands nowhere that says anything of a visitor.
        if (sender.source !== 'web' || !isExemptOpen(rules, sender.gpc)) return 'consent_denied';
        if (sender.objected) return 'objected';
        const isAlone =
          stamps.every(isExemptStamp) &&
          batch.visitor_id === undefined &&
          batch.withdrawn === undefined &&
          batch.rotate === undefined;
        if (!isAlone) return 'exempt_not_alone';
        for (const stamp of stamps) {
          const fault = stampFault(stamp, sentAt, { choiceDays: rules.choice_days, futureMs: LIMITS.futureMs });
          if (fault) return fault;
          const { policy } = stamp as { readonly policy?: string };
          if (policy !== undefined && !policies.knows(policy)) return 'policy_unknown';
        }
        return undefined;
      };

      let judged: { readonly code: FilteredCode | undefined } | undefined;
      let told: ReturnType<typeof client> | undefined;

      return {
        has: (pointer) => typeof pointer === 'number' && isExemptStamp(stamps[pointer]),
        refuses(type) {
          judged ??= { code: refusal() };
          if (judged.code) return judged.code;
          return Object.hasOwn(EXEMPT_PROPS, type) ? undefined : 'event_not_allowed';
        },
        store(event) {
          const reduced = reduceToExempt(event);
          if (reduced.code || sender.source !== 'web') throw new Error('refused before');
          const { event_id, type, occurred_at, stamp, page, props } = reduced.event;
          const time = correctClock({ occurredAt: occurred_at, sentAt, receivedAt }, CLOCK);
          if (time.fault) {
            const message =
              time.fault === 'too_old' ? 'older than a day when it was received' : 'cannot be read as a time';
            return { failure: { stage: 'enrich', code: time.fault, path: 'occurred_at', message } };
          }
          const read = page && readPage(page);
          if (read?.fault) return { failure: { stage: 'enrich', ...read.fault } };
          told ??= client(sender, rules, receivedAt);
          const { screen, ...rest } = props;
          const { policy } = stamps[stamp] as { readonly policy?: string };
          const { path, referrer_host } = read?.fields ?? {};
          return {
            row: {
              event_id: event_id.toLowerCase(),
              type,
              occurred_at: new Date(Math.floor(Date.parse(time.occurred_at) / MINUTE_MS) * MINUTE_MS).toISOString(),
              ...(path !== undefined && { path }),
              ...(referrer_host !== undefined && { referrer_host }),
              ...(screen !== undefined && { screen }),
              ...told,
              ...(Object.keys(rest).length > 0 && { props: scrub.value(rest) }),
              ...(policy !== undefined && { policy_hash: policy }),
            },
          };
        },
      };
    },
  };
}

import { LIMITS } from '@parcours/protocol';
import { createSource } from '../create_source.ts';
import type { ConsentSource } from '../source.ts';

/** The part of what a CMP tells its listeners that is read. None of it is believed to be of its type. */
interface GppEvent {
  readonly eventName?: string;
  readonly listenerId?: number;
  readonly pingData?: {
    readonly gppVersion?: string;
    readonly cmpStatus?: string;
    readonly cmpDisplayStatus?: string;
    readonly signalStatus?: string;
    /** Such as `2:tcfeuv2`. */
    readonly supportedAPIs?: readonly string[];
    readonly cmpId?: number;
    readonly applicableSections?: readonly number[];
    readonly gppString?: string;
    /** By prefix; a section as one object or as its segments. */
    readonly parsedSections?: Readonly<Record<string, object | readonly object[]>>;
  };
}

type Gpp = (
  command: string,
  callback: (event: GppEvent | null, success?: boolean) => unknown,
  parameter?: unknown,
) => unknown;

/** Fields that say what a visitor consented or did not object to. Those of vendors are lists of ids. */
const CHOICE = /^(?!Vendor).*(OptOut|Consents?|Processing)$/;

/** American fields are 1 for an objection or a missing consent and 2 for its contrary; 0 is unknown. */
const permits = (value: unknown): boolean | undefined =>
  typeof value === 'boolean' ? value : ({ 1: false, 2: true } as Record<string, boolean>)[`${value}`];

/**
 * The choice by IAB's Global Privacy Platform. Signals: fields of the sections that apply here, as `usnat.SaleOptOut`, or
 * `tcfeuv2.PurposeConsents.8` for one of a list: `true` where the visitor consented, or did not object.
 *
 * Only what comes with `signalStatus` `ready` is a choice; before, and while the manager is shown, it is open, and so it is
 * where no section is said to apply. In Europe the TC string stands for itself: there take `tcf`.
 *
 * No date comes with it. A section that changes once the manager was seen in this page is an answer, given now; a choice that
 * was stored comes without one, and so does a manager that is closed without an answer.
 * Source: IAB Tech Lab, GPP CMP API specification 1.1, "addEventListener" with its two orders of events, "PingReturn".
 */
export const gpp = (page: object = globalThis): ConsentSource =>
  createSource('gpp', ({ signal, atEnd, tell, refuse, safely, find }) => {
    const api = (): Gpp | undefined => (page as { __gpp?: Gpp }).__gpp;
    let listenerId: number | undefined;
    let isAsked = false;
    let at: number | undefined;

    const end = (): unknown => listenerId !== undefined && api()?.('removeEventListener', () => {}, listenerId);

    const heard = safely((event: GppEvent | null, success?: boolean) => {
      const ping = event?.pingData;
      if (!success || !ping || ping.cmpStatus === 'error' || event.eventName === 'error') {
        return refuse('the CMP reports an error');
      }
      // The stub has nothing to say: the CMP itself may be blocked.
      if (ping.cmpStatus === 'stub' || ping.cmpStatus === 'loading') return;
      isAsked ||= ping.cmpDisplayStatus === 'visible';
      if (isAsked && event.eventName === 'sectionChange') at = Date.now();
      const { applicableSections = [], supportedAPIs = [], parsedSections = {}, gppString } = ping;
      const applying = supportedAPIs.filter((api) => applicableSections.includes(Number.parseInt(api, 10)));
      if (ping.signalStatus !== 'ready' || !applying[0]) return tell(undefined);
      if (typeof gppString !== 'string' || gppString.length > LIMITS.consentStringChars) {
        return refuse('the GPP string is malformed');
      }
      const signals: Record<string, boolean> = {};
      for (const section of applying.map((api) => api.replace(/.*:/, ''))) {
        for (const segment of [parsedSections[section] ?? {}].flat()) {
          for (const [field, said] of Object.entries(segment).filter(([field]) => CHOICE.test(field))) {
            [said].flat().forEach((value: unknown, index) => {
              const permitted = permits(value);
              const name = `${section}.${field}${Array.isArray(said) ? `.${index + 1}` : ''}`;
              if (permitted !== undefined) signals[name] = permitted;
            });
          }
        }
      }
      tell(signals, { string: gppString, version: `${ping.cmpId}.${ping.gppVersion}`, at });
      isAsked = ping.cmpDisplayStatus === 'visible';
    });

    atEnd(end);
    find(api, (call) =>
      call('addEventListener', (event, success) => {
        listenerId = event?.listenerId ?? listenerId;
        if (signal.aborted) end();
        else heard(event, success);
      }),
    );
  });

import type { Signals } from '@parcours/protocol';
import { createSource } from '../create_source.ts';
import type { ConsentSource } from '../source.ts';
import { dayOfTcString } from '../tc_string.ts';

/** Settings of the TCF source. */
export interface TcfOptions {
  /**
   * The site's own id on the global vendor list, if it has one: then that vendor must have been disclosed and consented to
   * as well, and what the publisher forbids it is denied. Default: none, as for a shop that measures itself.
   */
  readonly vendorId?: number | undefined;
}

type Consents = Readonly<Record<string, unknown>>;

/** The part of TCData that is read. None of it is believed to be of its type. */
interface TcData {
  readonly listenerId?: number;
  readonly eventStatus?: string;
  readonly cmpStatus?: string;
  readonly gdprApplies?: boolean;
  readonly isServiceSpecific?: boolean;
  readonly tcString?: string;
  readonly tcfPolicyVersion?: number;
  readonly cmpId?: number;
  readonly cmpVersion?: number;
  readonly purpose?: { readonly consents?: Consents };
  readonly vendor?: { readonly consents?: Consents; readonly disclosedVendors?: Consents };
  readonly publisher?: {
    readonly consents?: Consents;
    readonly customPurpose?: { readonly consents?: Consents };
    readonly restrictions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
}

type Tcfapi = (
  command: string,
  version: number,
  callback: (data: TcData | null, success?: boolean) => unknown,
  parameter?: unknown,
) => unknown;

/** From this on a vendor must have been disclosed: TCF 2.3. */
const DISCLOSING_POLICY = 5;

/** The last that a string has room for, of a publisher's custom purposes: the framework's own end before. */
const LAST_PURPOSE = 63;

/**
 * The choice by IAB's Transparency and Consent Framework 2.2 to 2.4. Signals: `purpose.1`…, `publisher.1`…, `custom.1`… as
 * consented to, and `vendor` where `vendorId` is set. Legitimate interest is no consent, and is not read.
 *
 * Only `tcloaded` and `useractioncomplete` are choices. While the manager is shown its string has each legitimate interest
 * on and consents merged or off, so the choice is open; so it is while nobody knows whether the GDPR applies. Where it does
 * not, there is no consent to be had. The stub is the manager's: none is installed here.
 * Source: IAB Tech Lab, CMP API v2, "addEventListener", "TCData"; Consent string and vendor list formats v2.
 */
export const tcf = ({ vendorId }: TcfOptions = {}, page: object = globalThis): ConsentSource =>
  createSource('tcf', ({ signal, tell, refuse, safely, find }) => {
    const api = (): Tcfapi | undefined => (page as { __tcfapi?: Tcfapi }).__tcfapi;
    let listenerId: number | undefined;
    const end = safely(() => api()?.('removeEventListener', 2, () => {}, listenerId));

    const heard = safely((data: TcData | null, success?: boolean) => {
      listenerId = data?.listenerId;
      // The stub may have kept us until now.
      if (signal.aborted) return end();
      if (!success || !data || data.cmpStatus === 'error') return refuse('the CMP reports an error');
      const { eventStatus, gdprApplies, tcString = '' } = data;
      const isStored = eventStatus === 'tcloaded';
      if (eventStatus === 'cmpuishown') return tell(undefined);
      if (!isStored && eventStatus !== 'useractioncomplete') return;
      if (!gdprApplies) return tell(gdprApplies === false ? {} : undefined);
      if (!isReadable(data)) return refuse('TCData is malformed, or not of this site alone');
      tell(signalsOf(data, vendorId), {
        string: tcString,
        version: [data.cmpId, data.cmpVersion, data.tcfPolicyVersion].join('.'),
        // The letters stand for themselves.
        language: tcString.slice(18, 20).toLowerCase(),
        at: isStored ? dayOfTcString(tcString) : undefined,
      });
    });

    signal.addEventListener('abort', end);
    find(api, (tcfapi) => tcfapi('addEventListener', 2, heard));
  });

/** Whether TCData is of this site alone, with a string of TCF 2 that is not longer than a stamp may have it. */
const isReadable = ({ gdprApplies, isServiceSpecific, tcString, purpose }: TcData): boolean =>
  gdprApplies === true && isServiceSpecific === true && /^C[\w.-]{19,8191}$/.test(tcString!) && !!purpose?.consents;

/** What was consented to. What a string does not name, as one that stops early, is not. */
function signalsOf({ purpose, publisher, vendor, tcfPolicyVersion }: TcData, vendorId?: number): Signals {
  const signals: Record<string, boolean> = {};
  const sides: Readonly<Record<string, Consents | undefined>> = {
    purpose: purpose?.consents,
    publisher: publisher?.consents,
    custom: publisher?.customPurpose?.consents,
  };
  const isOurs = (vendors: Consents | undefined): boolean => vendors?.[vendorId!] === true;
  const disclosed = vendor?.disclosedVendors;
  const isVendor = isOurs(vendor?.consents) && (disclosed ? isOurs(disclosed) : tcfPolicyVersion! < DISCLOSING_POLICY);
  const isNone = vendorId === undefined;
  if (!isNone) signals.vendor = isVendor;
  for (const side in sides) {
    for (let id = 1; id <= LAST_PURPOSE; id++) {
      const isForbidden = side !== 'custom' && publisher?.restrictions?.[id]?.[vendorId!] === 0;
      signals[`${side}.${id}`] = (isNone || (isVendor && !isForbidden)) && sides[side]?.[id] === true;
    }
  }
  return signals;
}

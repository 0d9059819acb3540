import { createSource } from '../create_source.ts';
import type { ConsentSource } from '../source.ts';
import { dayOfTcString } from '../tc_string.ts';

type Consents = Readonly<Record<string, unknown>>;

/** The part of Sirdata's TCData that is read. Its string names the manager's version as well. */
interface TcData {
  readonly listenerId?: number;
  readonly eventStatus?: string;
  readonly gdprApplies?: boolean;
  readonly tcString?: string;
  readonly purpose?: { readonly consents?: Consents };
  readonly vendor?: { readonly consents?: Consents };
}

type Api = (
  command: string,
  version: number,
  callback: (data: TcData | null, success?: boolean) => unknown,
  parameter?: unknown,
) => unknown;

/** `cmpuiclosed` is Sirdata's own: its window was closed, and what was chosen before stands. */
const CHOSEN = ['useractioncomplete', 'tcloaded', 'cmpuiclosed'];

/**
 * The choice by Sirdata's CMP (ABconsent) through its own `__sdcmpapi`, which is there outside the TCF as well: inside it,
 * `tcf` does, and knows the publisher's side. Signals: `purpose.1`…, `vendor.1`… as consented to. Legitimate interest
 * is no consent, and is not read. Where no law asks, or nobody knows, nobody chose.
 * Source: Sirdata, "CMP API", "How it works", "Examples".
 */
export const sirdata = (page: object = globalThis): ConsentSource =>
  createSource('sirdata', ({ signal, atEnd, tell, refuse, safely, find }) => {
    const api = (): Api | undefined => (page as { __sdcmpapi?: Api }).__sdcmpapi;
    let listenerId: number | undefined;
    const end = (): unknown => api()?.('removeEventListener', 2, () => {}, listenerId);

    const heard = safely((data: TcData | null, success?: boolean) => {
      listenerId = data?.listenerId;
      // A stub may have kept us until now.
      if (signal.aborted) return end();
      const isChosen = CHOSEN.includes(data?.eventStatus as string);
      if (!success || (isChosen && !data?.purpose?.consents)) return refuse('it reports an error');
      // Shown, or not ready: what data there is says nothing.
      if (!isChosen || data?.gdprApplies !== true) return tell(undefined);
      const signals: Record<string, boolean> = {};
      for (const kind of ['purpose', 'vendor'] as const) {
        const consents = data[kind]?.consents;
        for (const id in consents) signals[`${kind}.${id}`] = consents[id] === true;
      }
      const { eventStatus, tcString: string } = data;
      tell(signals, { string, at: eventStatus === CHOSEN[0] ? undefined : dayOfTcString(string) });
    });

    atEnd(end);
    find(api, (sdcmpapi) => sdcmpapi('addEventListener', 2, heard));
  });

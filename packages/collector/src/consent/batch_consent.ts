import { type ConsentStamp, type FilteredCode, type Purpose, permit } from '@parcours/protocol';
import type { Erased } from './erased.ts';
import { createGates, type Gate } from './gates.ts';
import type { Policies } from './policies.ts';
import type { ReceiptIds } from './receipt_ids.ts';
import type { KnownWithdrawals } from './withdrawals.ts';

/** What a stamp comes to for one visitor. */
export type Permitted = { readonly code: FilteredCode; readonly gate?: undefined } | Granted;

export interface Granted {
  readonly code?: undefined;
  readonly stamp: ConsentStamp;
  /** Where it stands in the batch. */
  readonly pointer: number;
  readonly purposes: ReadonlySet<Purpose>;
  readonly gate: Gate;
}

/** Decides by stamp and visitor whether events may be kept, and what of them: nothing that the sender decided is believed. */
export interface BatchConsent {
  /** What the stamp that an event points at permits, for the visitor of the batch and the event's own. */
  of(pointer: unknown, visitorId: unknown): Permitted;
  /** From now on another visitor than the sender's is the one of the batch. */
  standsFor(visitorId: string | undefined): void;
}

/** What a batch is judged by, beside its stamps. */
export interface BatchEvidence {
  readonly site: string;
  readonly stamps: readonly unknown[];
  /** By the sender's clock, ms: a choice's age is told by the clock that dated it. */
  readonly sentAt: number;
  readonly source: 'web' | 'server';
  readonly gpc: boolean;
  /** The visitor that the sender names, and the one that stands for him. */
  readonly senderVisitorId: string | undefined;
  readonly visitorId: string | undefined;
}

export interface Consent {
  ofBatch(evidence: BatchEvidence): BatchConsent;
}

export interface ConsentOptions {
  readonly policies: Pick<Policies, 'rulesOf' | 'knows'>;
  readonly receipts: Pick<ReceiptIds, 'isOf' | 'subjectOf'>;
  readonly withdrawals: Pick<KnownWithdrawals, 'of'>;
  readonly erased: Erased;
}

const MISSING = { code: 'consent_missing' } as const;

/** Whose a receipt is where no visitor is named. */
export const NOBODY = '';

/** 16 bytes in base64url. */
const RECEIPT = /^[\w-]{22}$/;

export function createConsent({ policies, receipts, withdrawals, erased }: ConsentOptions): Consent {
  const gateOf = createGates();

  return {
    ofBatch({ site, stamps, sentAt, source, gpc, senderVisitorId, visitorId }) {
      const rules = policies.rulesOf(site);
      const erasedHere = erased.on(site);
      let present = visitorId;
      /** By stamp, for events of the batch's own visitor; nearly every event is. */
      let shared: (Permitted | undefined)[] = [];
      let others: Map<string, Permitted> | undefined;
      /** The last of another visitor: the events of a batch come in a row. */
      let last: { readonly pointer: number; readonly visitorId: string; readonly permitted: Permitted } | undefined;

      const whose = (own: string | undefined): readonly string[] => {
        const ids: string[] = [];
        if (present !== undefined) ids.push(present);
        if (senderVisitorId !== undefined && senderVisitorId !== present) ids.push(senderVisitorId);
        if (own !== undefined) ids.push(own);
        return ids;
      };

      const isForged = (stamp: ConsentStamp, ids: readonly string[]): boolean => {
        if (stamp.receipt === undefined) return false;
        if (!RECEIPT.test(stamp.receipt)) return true;
        const isOf = (id: string): boolean => receipts.isOf(stamp, site, id);
        // A shop's server that names no visitor answers for the choice itself.
        if (source === 'server') return ids.length > 0 && !ids.some(isOf) && !isOf(NOBODY);
        return ids.length > 0 ? !ids.some(isOf) : !isOf(NOBODY);
      };

      const judge = (pointer: number, own: string | undefined): Permitted => {
        const stamp = stamps[pointer] as ConsentStamp;
        const ids = whose(own);
        const evidence = { stamp, sentAt, rules, knowsPolicy: policies.knows, gpc, isForged: false };
        const first = permit(evidence);
        // Only what can be read is worth a hash.
        if (first.code) return first;
        if (isForged(stamp, ids)) return { code: 'consent_forged' };
        if (erasedHere && ids.some(erasedHere.visitor)) return { code: 'subject_erased' };
        let { purposes } = first;
        for (const id of ids) {
          const withdrawn = withdrawals.of(site, receipts.subjectOf(site, id));
          if (!withdrawn) continue;
          const next = permit({ ...evidence, withdrawals: withdrawn });
          if (next.code) return next;
          purposes = new Set([...purposes].filter((each) => next.purposes.has(each)));
        }
        return { stamp, pointer, purposes, gate: gateOf(rules, purposes) };
      };

      return {
        of(pointer, visitorId) {
          if (typeof pointer !== 'number' || !(pointer in stamps)) return MISSING;
          const isOwn = typeof visitorId === 'string' && visitorId !== present && visitorId !== senderVisitorId;
          if (!isOwn) {
            shared[pointer] ??= judge(pointer, undefined);
            return shared[pointer];
          }
          if (last?.visitorId === visitorId && last.pointer === pointer) return last.permitted;
          const name = `${pointer} ${visitorId}`;
          others ??= new Map();
          const permitted = others.get(name) ?? judge(pointer, visitorId);
          others.set(name, permitted);
          last = { pointer, visitorId, permitted };
          return permitted;
        },
        standsFor(id) {
          if (id === present) return;
          present = id;
          shared = [];
          others = undefined;
          last = undefined;
        },
      };
    },
  };
}

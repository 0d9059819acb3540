import { createSource } from '../create_source.ts';
import type { ConsentSource } from '../source.ts';

/** What of OneTrust's SDK is called. Before it has loaded its settings, the object lacks most of it. */
interface OneTrust {
  IsAlertBoxClosed?(): boolean;
  IsAlertBoxClosedAndValid?(): boolean;
  GetDomainData(): {
    readonly Groups: readonly {
      readonly CustomGroupId?: string;
      readonly OptanonGroupId?: string;
      readonly Status?: string;
    }[];
  };
}

type Page = Window & { OneTrust?: OneTrust; OnetrustActiveGroups?: string };

/**
 * The choice by OneTrust. Signals: each category by its id, such as `C0002`. Those that are always active are left out:
 * what nobody can refuse is no consent.
 *
 * `OneTrustGroupsUpdated` comes on load before any choice, with what is active by default: so it counts only once the
 * banner was closed by a choice that still stands, and what is not active then is refused.
 * Source: OneTrust, "Client-side API reference" (IsAlertBoxClosedAndValid, GetDomainData, OnetrustActiveGroups).
 */
export const onetrust = (page: object = globalThis): ConsentSource =>
  createSource('onetrust', ({ tell, safely, listen }) => {
    const of = page as Page;

    // Not decoded whole: a cookie of somebody else that cannot be is no reason to stop.
    const cookie = (pattern: RegExp): string | undefined => pattern.exec(of.document.cookie)?.[1]?.replace(/%3A/g, ':');

    const read = (): unknown => {
      const manager = of.OneTrust;
      if (!manager?.IsAlertBoxClosed) return;
      if (!(manager.IsAlertBoxClosedAndValid?.() ?? manager.IsAlertBoxClosed())) return tell(undefined);
      const active = `${of.OnetrustActiveGroups}`.split(',');
      const signals: Record<string, boolean> = {};
      for (const { CustomGroupId, OptanonGroupId: id = CustomGroupId, Status } of manager.GetDomainData().Groups) {
        if (id && !/always/i.test(`${Status}`)) signals[id] = active.includes(id);
      }
      tell(signals, {
        at: cookie(/OptanonAlertBoxClosed=([^;]+)/),
        version: cookie(/OptanonConsent=[^;]*?\bversion=([\w.]+)/),
      });
    };

    for (const event of ['OneTrustGroupsUpdated', 'OTConsentApplied']) listen(of, event, read);
    safely(read)();
  });

import type { Purpose } from '@parcours/protocol';
import type { Observer } from '../observers/observer.ts';
import type { TraceStep } from '../trace.ts';

/** Settings of Consent Mode as it is told. */
export interface ConsentModeOutOptions {
  /** Name of the list that Google's tags read. Default `dataLayer`. */
  readonly name?: string | undefined;
}

/** The purpose that each signal follows: the other way round than a policy maps them by default. */
export const SIGNAL_PURPOSES = {
  ad_storage: 'ads_measurement',
  ad_user_data: 'ads_share',
  ad_personalization: 'ads_share',
  analytics_storage: 'audience',
  personalization_storage: 'personalisation',
} as const satisfies Readonly<Record<string, Purpose>>;

/** How long Google's tags wait for the choice, where they ask at all, ms: Google's own example. */
const WAIT_MS = 500;

/**
 * Tells the choice to Google's tags, so that Tag Manager and they follow it: Consent Mode v2. First, and once, everything is
 * denied; then each decision is one `update`. Ad click ids are redacted while `ad_storage` is denied, and ids never go into
 * links (`url_passthrough`): in Europe that is storage like any other (EDPB guidelines 2/2023). What is open again, as while
 * the consent manager is shown, is denied meanwhile.
 *
 *     const tracker = createTracker({ …, observers: [pageViews, consentModeOut()] });
 *
 * Create it before the snippet of Google's tags: `consentModeOut()` itself tells the denial.
 * Source: Google tag platform, "Set up consent mode on websites".
 *
 * @param page where the list is
 */
export function consentModeOut(
  { name = 'dataLayer' }: ConsentModeOutOptions = {},
  page: object = globalThis,
): Observer {
  const lists = page as Record<string, { push(entry: unknown): unknown } | undefined>;

  /** As Google's snippet has it: what is pushed is the function's own `arguments`, and nothing else is a command. */
  const gtag = function (..._args: unknown[]): void {
    lists[name] ??= [];
    // biome-ignore lint/complexity/noArguments: see above
    lists[name]!.push(arguments);
  };

  let last = '';
  const tell = (command: 'default' | 'update', granted: readonly string[]): void => {
    const signals: Record<string, string> = {};
    for (const [signal, purpose] of Object.entries(SIGNAL_PURPOSES)) {
      signals[signal] = granted.includes(purpose) ? 'granted' : 'denied';
    }
    const told = `${granted.length > 0}${JSON.stringify(signals)}`;
    if (command === 'update' && told === last) return;
    last = told;
    gtag('consent', command, command === 'default' ? { ...signals, wait_for_update: WAIT_MS } : signals);
    gtag('set', 'ads_data_redaction', signals.ad_storage === 'denied');
  };

  tell('default', []);

  return ({ trace }) => {
    let isDecided = false;
    trace?.((step: TraceStep) => {
      if (step.step !== 'state') return;
      const { status, choice, gpc = [] } = step;
      if (status === 'pending' && !isDecided) return;
      // A first refusal is told too: the tags have waited for it.
      if (!isDecided) last = '';
      isDecided = true;
      const purposes: readonly string[] = (status === 'granted' && choice?.purposes) || [];
      tell(
        'update',
        purposes.filter((purpose) => !(gpc as readonly string[]).includes(purpose)),
      );
    });
  };
}

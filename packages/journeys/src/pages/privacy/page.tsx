import { type Engine, QueryError } from '@parcours/store';
import type { Context } from 'hono';
import { z } from 'zod';
import { type ConsoleOperation, page } from '../../access/allow.ts';
import type { Journeys, JourneysEnv } from '../../env.ts';
import { kept } from '../../overview/kept.ts';
import type { ConsoleSite } from '../../overview/program_status.ts';
import { privacyFigures } from '../../privacy/figures.ts';
import { LOOKUPS, type Lookup, type PrivacySources } from '../../privacy/sources.ts';
import { FORM_LIMIT } from '../form_limit.ts';
import { IN_LANGUAGE, languageOf } from '../language.ts';
import { renderPage } from '../layout.tsx';
import { numbersIn } from '../parts/numbers.ts';
import { Actions } from './actions.tsx';
import { Choices } from './choices.tsx';
import { Held } from './held.tsx';
import { ReceiptLookup } from './lookup.tsx';
import { PolicyInForce } from './policy.tsx';
import { Refused } from './refused.tsx';
import { privacyText } from './text.ts';
import type { LookedUp, PrivacyView } from './view.ts';

export interface PrivacyPageSources {
  readonly engine: Engine;
  readonly privacy: PrivacySources;
  readonly sites?: () => readonly ConsoleSite[];
  readonly now: () => number;
}

const PAGE: ConsoleOperation = {
  id: 'showPrivacy',
  tag: 'pages',
  summary: 'The privacy page: rules in force, choices, refusals, data held, requests',
  roles: ['privacy'],
  ...IN_LANGUAGE,
  answers: { 200: { description: 'The page.', type: 'text/html' } },
};

const MAX_VALUE = 200;

const LOOKUP: ConsoleOperation = {
  id: 'lookUpReceipts',
  tag: 'pages',
  summary: 'The privacy page with the receipts of a visitor, or one receipt',
  roles: ['privacy'],
  ...IN_LANGUAGE,
  body: {
    types: ['application/x-www-form-urlencoded'],
    schema: z.object({
      by: z.enum(LOOKUPS).describe('What the id is of.'),
      value: z.string().max(MAX_VALUE).describe('The id. It is in no address and no log.'),
    }),
  },
  answers: { 200: { description: 'The page.', type: 'text/html' } },
  errors: ['cross_site', 'body_too_large'],
};

const DAY_MS = 86_400_000;
const WINDOW_MS = 30 * DAY_MS;
/** Ms that is shared by all who look what reads whole tables or every receipt. */
const KEPT_MS = 60_000;
const RECEIPTS_SHOWN = 50;
const ACTIONS_SHOWN = 50;

/** `/privacy`: what a data-protection officer shows the regulator. */
export function privacyPage(app: Journeys, { engine, privacy, sites, now }: PrivacyPageSources): void {
  const figures = kept(() => privacyFigures(engine, { since: now() - WINDOW_MS, now: now() }), KEPT_MS, now);
  const choices = kept(() => privacy.choices(now() - WINDOW_MS), KEPT_MS, now);

  async function show(context: Context<JourneysEnv>, lookedUp?: LookedUp): Promise<Response> {
    const language = languageOf(context);
    const text = privacyText[language];
    const [known, chosen, retention, actions] = await Promise.all([
      figures().catch(unlessRefused),
      choices(),
      privacy.retention(),
      privacy.actions(ACTIONS_SHOWN),
    ]);
    const view: PrivacyView = {
      ...{ text, language, numbers: numbersIn(language), now: now() },
      ...{
        policy: privacy.policy(),
        choices: chosen,
        figures: known,
        keptFor: privacy.keptFor,
        retention,
        actions,
        lookedUp,
      },
      sites: sites?.().map(({ id }) => id) ?? [],
    };
    return renderPage(context, {
      title: text.title,
      language,
      path: '/privacy',
      children: (
        <>
          <div class="heading">
            <div>
              <h1>{text.title}</h1>
              <p class="lead">{text.intro}</p>
            </div>
          </div>
          <PolicyInForce {...view} />
          <Choices {...view} />
          <Refused {...view} />
          <ReceiptLookup {...view} />
          <Held {...view} />
          <Actions {...view} />
        </>
      ),
    });
  }

  app.get('/privacy', ...page(PAGE, (context) => show(context)));
  app.post(
    '/privacy',
    ...page(LOOKUP, FORM_LIMIT, async (context) => {
      const form = await context.req.parseBody().catch(() => ({}) as Record<string, unknown>);
      const by = LOOKUPS.find((name) => name === form.by) ?? LOOKUPS[0];
      const value = typeof form.value === 'string' ? form.value.trim() : '';
      return show(context, await lookUp(by, value));
    }),
  );

  async function lookUp(by: Lookup, value: string): Promise<LookedUp> {
    if (value === '') return { by, why: 'emptyValue' };
    if (value.length > MAX_VALUE) return { by, why: 'tooLong' };
    return { by, ...(await privacy.receipts(by, value, RECEIPTS_SHOWN)) };
  }
}

/** Tables that are slow or closing leave their figures out; anything else is a fault of ours. */
function unlessRefused(error: unknown): undefined {
  if (!(error instanceof QueryError)) throw error;
  return undefined;
}

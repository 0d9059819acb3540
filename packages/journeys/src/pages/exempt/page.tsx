import type { Policy } from '@parcours/protocol';
import { resolveRules } from '@parcours/protocol/policy';
import { type Engine, QueryError } from '@parcours/store';
import { z } from 'zod';
import { type ConsoleOperation, page } from '../../access/allow.ts';
import type { Journeys } from '../../env.ts';
import { DIMENSIONS, type Dimension, type ExemptCount, type ExemptCounts, exemptCounts } from '../../exempt/counts.ts';
import { kept } from '../../overview/kept.ts';
import type { ConsoleSite } from '../../overview/program_status.ts';
import type { ReportK } from '../../reports/report_k.ts';
import { IN_LANGUAGE, languageOf } from '../language.ts';
import { renderPage } from '../layout.tsx';
import { Notice } from '../parts/notice.tsx';
import { numbersIn } from '../parts/numbers.ts';
import { CountsTable } from './counts_table.tsx';
import { exemptText } from './text.ts';

export interface ExemptPageSources {
  readonly engine: Engine;
  /** In force now. */
  readonly policy: () => Policy;
  readonly reportK: ReportK;
  readonly sites?: () => readonly ConsoleSite[];
  readonly now: () => number;
}

const PAGE: ConsoleOperation = {
  id: 'showExempt',
  tag: 'pages',
  summary: 'The page of what was measured without consent: page views by day and one thing at a time',
  roles: ['analyst', 'privacy'],
  ...IN_LANGUAGE,
  inQuery: {
    ...IN_LANGUAGE.inQuery,
    by: {
      description: 'What page views are counted by. Default, and where it is none of these: path.',
      schema: z.enum(DIMENSIONS),
    },
  },
  answers: { 200: { description: 'The page.', type: 'text/html' } },
};

/** Ms that all who look share an answer, which reads a whole table. */
const KEPT_MS = 60_000;

/** `/exempt`: what a marketer reads of sites that measure under the exemption. */
export function exemptPage(app: Journeys, { engine, policy, reportK, sites, now }: ExemptPageSources): void {
  const answers = new Map(
    DIMENSIONS.map((dimension) => [dimension, kept(() => exemptCounts(engine, dimension), KEPT_MS, now)]),
  );
  const isOn = (): boolean =>
    ['', ...(sites?.() ?? []).map(({ id }) => id)].some((site) => resolveRules(policy(), site).preset !== undefined);

  app.get(
    '/exempt',
    ...page(PAGE, async (context) => {
      const language = languageOf(context);
      const text = exemptText[language];
      const numbers = numbersIn(language);
      const dimension = DIMENSIONS.find((name) => name === context.req.query('by')) ?? 'path';
      const found = await answers.get(dimension)?.().catch(unlessRefused);
      const told = (found?.counts ?? []).filter((row) => isTold(row, reportK));
      const ids = [...new Set(told.map(({ site }) => site))].sort();
      const k = Math.max(10, reportK(undefined));
      return renderPage(context, {
        title: text.title,
        language,
        path: '/exempt',
        children: (
          <>
            <div class="heading">
              <div>
                <h1>{text.title}</h1>
                <p class="lead">{text.intro}</p>
              </div>
            </div>
            <p class="hint" id="rules">
              {text.rules.replace('{k}', numbers.whole(k))}
            </p>
            <Choices dimension={dimension} text={text} />
            {found === undefined ? (
              <Notice kind="warn">{text.missing}</Notice>
            ) : (
              ids.length === 0 && <Notice kind="plain">{isOn() ? text.noneYet : text.off}</Notice>
            )}
            {ids.map((site) => (
              <CountsTable
                {...{ site, dimension, text, language, numbers }}
                counts={told.filter((row) => row.site === site)}
              />
            ))}
            {found?.truncated && <p class="hint">{text.more.replace('{n}', numbers.whole(found.counts.length))}</p>}
          </>
        ),
      });
    }),
  );
}

const Choices = ({
  dimension,
  text,
}: {
  readonly dimension: Dimension;
  readonly text: (typeof exemptText)[keyof typeof exemptText];
}) => (
  <nav class="by" aria-label={text.by}>
    <span aria-hidden="true">{text.by}</span>
    {DIMENSIONS.map((name) => (
      <a href={`?by=${name}`} aria-current={name === dimension ? 'page' : undefined}>
        {text[name]}
      </a>
    ))}
  </nav>
);

/** The view has no cell under ten; a policy may want larger ones. Where visitors of the day are counted, they are the group. */
const isTold = ({ site, count, visitors }: ExemptCount, reportK: ReportK): boolean =>
  (visitors ?? count) >= reportK(site);

/** Tables that are slow or closing leave their figures out; anything else is a fault of ours. */
function unlessRefused(error: unknown): ExemptCounts | undefined {
  if (!(error instanceof QueryError)) throw error;
  return undefined;
}

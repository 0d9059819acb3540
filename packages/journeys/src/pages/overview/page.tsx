import { type Engine, QueryError } from '@parcours/store';
import type { Context } from 'hono';
import { type ConsoleOperation, page } from '../../access/allow.ts';
import type { Journeys, JourneysEnv } from '../../env.ts';
import { recentLines } from '../../live/recent.ts';
import { lastEventsEver, overviewFigures } from '../../overview/figures.ts';
import { faultsOf } from '../../overview/health.ts';
import { kept } from '../../overview/kept.ts';
import type { ConsoleSite, ConsoleStatus, LoaderFigures } from '../../overview/program_status.ts';
import { IN_LANGUAGE, languageOf } from '../language.ts';
import { renderPage } from '../layout.tsx';
import { Fresh } from '../parts/fresh.tsx';
import { Notice } from '../parts/notice.tsx';
import { numbersIn } from '../parts/numbers.ts';
import { Accounts } from './accounts.tsx';
import { Health } from './health.tsx';
import { Minutes } from './minutes.tsx';
import { Newest } from './newest.tsx';
import { Program } from './program.tsx';
import { Reasons } from './reasons.tsx';
import { Sites } from './sites.tsx';
import { Stats } from './stats.tsx';
import { overviewText } from './text.ts';
import type { OverviewView } from './view.ts';

export interface OverviewSources {
  readonly engine: Engine;
  readonly status?: () => ConsoleStatus | undefined;
  readonly loader?: () => LoaderFigures;
  readonly sites?: () => readonly ConsoleSite[];
  readonly now: () => number;
}

const PAGE: ConsoleOperation = {
  id: 'showOverview',
  tag: 'pages',
  summary: 'The overview: how everything is',
  roles: ['analyst', 'privacy'],
  ...IN_LANGUAGE,
  answers: { 200: { description: 'The page.', type: 'text/html' } },
};

/** Ms that the figures of the tables are shared by all who look. */
const KEPT_MS = 2_000;
/** Ms that is kept what reads the whole table: sites that were silent for a day. */
const SILENT_KEPT_MS = 600_000;
const NEWEST = 8;
const DAY_MS = 86_400_000;

/** `/`: how everything is, and what to do where something is not. */
export function overviewPage(app: Journeys, { engine, status, loader, sites, now }: OverviewSources): void {
  const figures = kept(() => overviewFigures(engine, now()), KEPT_MS, now);
  const everBefore = kept(() => lastEventsEver(engine), SILENT_KEPT_MS, now);
  const newest = kept(() => recentLines(engine, { limit: NEWEST, since: now() - DAY_MS }), KEPT_MS, now);

  const viewFor = async (context: Context<JourneysEnv>): Promise<OverviewView> => {
    const language = languageOf(context);
    const [known, before, lines] = await Promise.all([
      figures().catch(unlessRefused),
      everBefore().catch(unlessRefused),
      context.get('mayOpen')('/live') ? newest().catch(unlessRefused) : undefined,
    ]);
    const inForce = sites?.();
    const [program, loading] = [status?.(), loader?.()];
    return {
      ...{ text: overviewText[language], language, numbers: numbersIn(language), now: now() },
      ...{ version: context.get('version'), status: program, loader: loading, sites: inForce },
      figures: known && { ...known, lastEvents: new Map([...(before ?? []), ...known.lastEvents]) },
      newest: lines?.toReversed(),
      faults: faultsOf({ status: program, loader: loading, sites: inForce?.length }),
    };
  };

  app.get(
    '/',
    ...page(PAGE, async (context) => {
      const view = await viewFor(context);
      const { text, language, numbers } = view;
      return renderPage(context, {
        title: text.title,
        language,
        path: '/',
        scripts: ['/assets/fresh.js'],
        children: (
          <Fresh language={language} title={text.title} asOf={`${text.updated} ${numbers.clock(view.now)}`}>
            <Health {...view} />
            {!view.figures && <Notice kind="warn">{text.figuresMissing}</Notice>}
            <Stats {...view} />
            <Minutes {...view} />
            <Accounts {...view} />
            <Reasons {...view} />
            <Newest {...view} />
            <Sites {...view} />
            <Program {...view} />
          </Fresh>
        ),
      });
    }),
  );
}

/** Tables that are slow or closing leave their figures out; anything else is a fault of ours. */
function unlessRefused(error: unknown): undefined {
  if (!(error instanceof QueryError)) throw error;
  return undefined;
}

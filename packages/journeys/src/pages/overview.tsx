import { type ConsoleOperation, page } from '../access/allow.ts';
import type { Journeys } from '../env.ts';
import { frameText } from './frame_text.ts';
import { IN_LANGUAGE, languageOf } from './language.ts';
import { renderPage } from './layout.tsx';

const PAGE: ConsoleOperation = {
  id: 'showOverview',
  tag: 'pages',
  summary: 'The overview: how everything is',
  roles: ['analyst', 'privacy'],
  ...IN_LANGUAGE,
  answers: { 200: { description: 'The page.', type: 'text/html' } },
};

/** `/`: how everything is. */
export function overviewPage(app: Journeys): void {
  app.get(
    '/',
    ...page(PAGE, (context) => {
      const language = languageOf(context);
      const text = frameText[language];
      return renderPage(context, {
        title: text.overview,
        language,
        path: '/',
        children: (
          <div class="narrow">
            <h1>{text.overview}</h1>
            {context.get('mayOpen')('/live') && (
              <p>
                <a href="/live">{text.live}</a>
              </p>
            )}
          </div>
        ),
      });
    }),
  );
}

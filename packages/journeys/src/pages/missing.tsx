import type { Context } from 'hono';
import type { JourneysEnv } from '../env.ts';
import { frameText } from './frame_text.ts';
import { languageOf } from './language.ts';
import { renderPage } from './layout.tsx';

/** What stands at an address that has no page. */
export function missingPage(context: Context<JourneysEnv>): Response | Promise<Response> {
  const language = languageOf(context);
  const text = frameText[language];
  return renderPage(context, {
    title: text.missingTitle,
    language,
    status: 404,
    children: (
      <div class="narrow">
        <h1>{text.missingTitle}</h1>
        <p>{text.missing}</p>
        <p>
          <a href="/">{text.toOverview}</a>
        </p>
      </div>
    ),
  });
}

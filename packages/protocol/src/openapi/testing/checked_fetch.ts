import type { Router } from '../app_description.ts';
import type { OpenApi } from '../open_api.ts';
import { type AnswerCheck, createAnswerCheck } from './answer_check.ts';

type Ask = (path: string, init?: RequestInit, ...more: never[]) => Response | Promise<Response>;

/**
 * A way to ask an app, whose every answer is held to the app's document: what differs fails the test that asked.
 *
 * @param onAnswer told every answer by its name: `sendEvents 200`
 */
export function checkedFetch<App extends Router>(
  app: App,
  documentOf: (app: App) => OpenApi,
  ask: Ask,
  onAnswer: (seen: string) => void = () => {},
): (...asked: Parameters<Ask>) => Promise<Response> {
  return async (path, init, ...more) => {
    const answer = await ask(path, init, ...more);
    const check = checkOf(app, documentOf);
    // What is not read stays the test's, streams above all: half of a clone could not be cancelled.
    let text: string | undefined;
    const read = async (): Promise<string> => {
      text ??= answer.body === null ? '' : await answer.text();
      return text;
    };
    const { status, headers } = answer;
    onAnswer(await check((init?.method ?? 'GET').toUpperCase(), String(path), { status, headers, text: read }));
    return text === undefined || answer.body === null ? answer : new Response(text, { status, headers });
  };
}

/** Tests open hundreds of apps with the same few sets of routes, and a document takes a tenth of a second. */
const checks = new Map<string, AnswerCheck>();

function checkOf<App extends Router>(app: App, documentOf: (app: App) => OpenApi): AnswerCheck {
  const routes = app.routes.map(({ method, path }) => `${method} ${path}`).join('\n');
  const check = checks.get(routes) ?? createAnswerCheck(documentOf(app));
  checks.set(routes, check);
  return check;
}

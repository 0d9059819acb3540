import type { Operation } from '@parcours/protocol/openapi';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';

export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

const COOKIE = 'parcours_language';
const YEAR_S = 365 * 86_400;

/**
 * The page's language: `?lang=` if it is one of ours, which is remembered; else the remembered one; else the first of
 * ours that the browser asks for; else English.
 */
export function languageOf(context: Context): Language {
  const chosen = context.req.query('lang') ?? '';
  if (isLanguage(chosen)) setCookie(context, COOKIE, chosen, { path: '/', sameSite: 'Lax', maxAge: YEAR_S });
  const wanted = [
    chosen,
    getCookie(context, COOKIE) ?? '',
    ...(context.req.header('accept-language') ?? '').split(',').map((entry) => entry.trim().slice(0, 2).toLowerCase()),
  ];
  return wanted.find(isLanguage) ?? 'en';
}

const isLanguage = (tag: string): tag is Language => (LANGUAGES as readonly string[]).includes(tag);

/** How any page is asked for in a language, for its description. */
export const IN_LANGUAGE = {
  inQuery: {
    lang: {
      description:
        'Language of the page. It is remembered. Default: what was chosen before, or what the browser asks for.',
      schema: z.enum(LANGUAGES),
    },
  },
  inCookies: { [COOKIE]: { description: 'The language that was chosen before.', schema: z.enum(LANGUAGES) } },
  inHeaders: { 'accept-language': { description: 'Languages that the browser asks for.' } },
} satisfies Partial<Operation>;

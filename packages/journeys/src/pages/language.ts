import type { Context } from 'hono';

export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The page's language: `?lang=` if it is one of ours, else the first of ours that the browser asks for, else English. */
export function languageOf(context: Context): Language {
  const wanted = [
    context.req.query('lang') ?? '',
    ...(context.req.header('accept-language') ?? '').split(',').map((entry) => entry.trim().slice(0, 2).toLowerCase()),
  ];
  return wanted.find((tag): tag is Language => (LANGUAGES as readonly string[]).includes(tag)) ?? 'en';
}

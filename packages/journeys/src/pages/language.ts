import type { Operation } from '@parcours/protocol/openapi';
import type { Context } from 'hono';
import { z } from 'zod';

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

/** How any page is asked for in a language, for its description. */
export const IN_LANGUAGE = {
  inQuery: {
    lang: { description: 'Language of the page. Default: what the browser asks for.', schema: z.enum(LANGUAGES) },
  },
  inHeaders: { 'accept-language': { description: 'Languages that the browser asks for.' } },
} satisfies Partial<Operation>;

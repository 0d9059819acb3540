export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language that was chosen, if it is one of ours; else the first of ours that the browser asks for; else English. */
export function languageOf(chosen: string | null | undefined, accepted: string | undefined): Language {
  const wanted = [chosen ?? '', ...(accepted ?? '').split(',').map((entry) => entry.trim().slice(0, 2).toLowerCase())];
  return wanted.find(isLanguage) ?? 'en';
}

const isLanguage = (tag: string): tag is Language => (LANGUAGES as readonly string[]).includes(tag);

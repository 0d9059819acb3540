import type { RequestCode } from '@parcours/protocol';
import type { Language } from '../language.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

/** Everything that the page says. Plain texts; what stands in between is escaped where it is shown. */
export interface Text {
  readonly title: string;
  readonly otherLanguage: string;
  /** `site`: its id. */
  readonly intro: (site: string) => string;
  readonly status: string;
  /** `since`: a day in words. */
  readonly known: (since: string) => string;
  readonly unknown: string;
  readonly objected: string;
  readonly stop: { readonly title: string; readonly text: string; readonly shop: string; readonly button: string };
  readonly take: {
    readonly title: string;
    readonly text: string;
    readonly none: string;
    readonly away: string;
    readonly button: string;
  };
  readonly erase: {
    readonly title: string;
    readonly text: string;
    readonly none: string;
    readonly button: string;
    readonly sure: string;
    readonly what: string;
    readonly final: string;
    readonly stopToo: string;
    readonly confirm: string;
    readonly back: string;
  };
  readonly scope: { readonly title: string; readonly text: string; readonly shop: string };
  readonly done: {
    readonly stopped: string;
    /** The same of a browser that is nobody: there was no consent to take back. */
    readonly objected: string;
    readonly erased: string;
    /** `day`: a day in words. */
    readonly log: (day: string) => string;
    readonly nobody: string;
  };
  readonly failedTitle: string;
  readonly failed: Readonly<Partial<Record<RequestCode, string>>> & { readonly other: string };
}

export const TEXTS: Readonly<Record<Language, Text>> = { en, fr };

/** One kind of secret. A new one is its file and its line in `index.ts`. */
export interface Rule {
  /** Its name in counts, and in the text between brackets where the secret stood: `[email]`. */
  readonly name: string;
  /** Bits of `MAY`: the rule runs where the first look set one of them. */
  readonly needs: number;
  /** Returns the text with every match replaced, calling `hit` for each. Its time grows no faster than the text. */
  replace(text: string, hit: () => void): string;
}

/** Blanks, dots and dashes, typographic ones too, as people put them between groups of digits; `+` is a blank in a query. */
export const SEPARATOR = '[ \\t\\u00a0\\u2000-\\u200b\\u2010-\\u2015\\u202f.+-]';

/** Where a query or path falls into parts: what stands in one is decoded together. */
const PARTS = /([?&=#/;]+)/;

/** ASCII escapes only: the bytes of other characters stay as they are, so nothing can be malformed. */
const ASCII = /%([2-7][0-9A-Fa-f])/g;

/**
 * Reads a text behind its percent escapes. Each part that has some is decoded and handed to `scrub`; if that changes it, the part
 * is written anew, encoded where it must be, else it stays byte for byte.
 */
export function scrubEscaped(text: string, scrub: (decoded: string) => string): string {
  let hasChanged = false;
  const parts = text.split(PARTS).map((part) => {
    if (!part.includes('%')) return part;
    const decoded = part.replace(ASCII, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    if (decoded === part) return part;
    const scrubbed = scrub(decoded);
    if (scrubbed === decoded) return part;
    hasChanged = true;
    return encode(scrubbed, part.includes(' '));
  });
  return hasChanged ? parts.join('') : text;
}

/** The brackets of `[email]` stay readable; blanks stay where the text had some that were not encoded. */
const encode = (text: string, hasBlanks: boolean): string =>
  text.replace(
    hasBlanks ? /%(?![89A-Fa-f][0-9A-Fa-f])|[?&=#/;+"<>]/g : /%(?![89A-Fa-f][0-9A-Fa-f])|[?&=#/;+"<>\s]/g,
    encodeURIComponent,
  );

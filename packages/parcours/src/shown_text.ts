/** A text from outside as a terminal may show it: control characters are seen, and steer nothing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are the ones that are looked for
export const shownText = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\u00b7');

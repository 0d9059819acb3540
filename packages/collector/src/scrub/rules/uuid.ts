const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Whether a match of digits and dashes is a part of a UUID: one in some ten thousand passes a check digit by chance. */
export function isInUuid(text: string, at: number, match: string): boolean {
  if (!match.includes('-')) return false;
  const from = Math.max(0, at - 36);
  for (const uuid of text.slice(from, at + match.length + 36).matchAll(UUID)) {
    const start = from + uuid.index;
    if (start < at + match.length && at < start + 36) return true;
  }
  return false;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Whether a match of digits is a part of a UUID: one UUID in some ten thousand holds a number or passes a check digit by chance. */
export function isInUuid(text: string, at: number, match: string): boolean {
  const from = Math.max(0, at - 36);
  const around = text.slice(from, at + match.length + 36);
  if (!around.includes('-')) return false;
  for (const uuid of around.matchAll(UUID)) {
    const start = from + uuid.index;
    if (start < at + match.length && at < start + 36) return true;
  }
  return false;
}

/** What a log may say of an error: what kind it is, and where in the program. Its message may quote what was sent. */
export function faultFields(fault: unknown): { readonly fault: string; readonly at: readonly string[] } {
  if (!(fault instanceof Error)) return { fault: typeof fault, at: [] };
  const { code } = fault as NodeJS.ErrnoException;
  const named = typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? `${fault.name} ${code}` : fault.name;
  const frames = (fault.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  return { fault: named, at: frames.slice(0, 8).map((line) => line.trim()) };
}

const REASON_CHARS = 300;

/**
 * An engine's or a disk's error as one line that is fit for a log: whatever stands in quotes may come from a record and is
 * left out, but for paths in the program's own folder.
 */
export function reasonOf(error: unknown, ownFolder: string): string {
  const [line = ''] = String(error).split('\n', 1);
  const clean = line.replace(/'[^']*'?|"[^"]*"?/g, (quoted) => (quoted.slice(1).startsWith(ownFolder) ? quoted : '…'));
  return clean.length > REASON_CHARS ? `${clean.slice(0, REASON_CHARS)}…` : clean;
}

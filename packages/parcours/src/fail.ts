/** Ends a command with one line on standard error, as JSON where the command was asked for JSON, and exit code 1. */
export function fail(message: string, { json = false, code = 'failed' } = {}): never {
  process.stderr.write(json ? `${JSON.stringify({ error: { code, message } })}\n` : `parcours: ${message}\n`);
  process.exit(1);
}

/** Bytes of a form at the most. */
const LIMIT = 64 * 1024;

/**
 * The fields of a posted form.
 *
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<URLSearchParams | undefined>} nothing where it is too long or breaks off
 */
export async function readForm(request) {
  const parts = [];
  let bytes = 0;
  try {
    for await (const part of request) {
      bytes += part.length;
      if (bytes > LIMIT) return undefined;
      parts.push(part);
    }
  } catch {
    return undefined;
  }
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'));
}

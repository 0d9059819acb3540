import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LIMITS } from '@parcours/protocol';
import { CollectorError } from './errors.ts';

const inflate = promisify(gunzip);

/**
 * Refuses what is not worth reading: a type or encoding we do not take, a length over the limit.
 * `text/plain` is what a page sends without a preflight.
 */
export function checkBodyHeaders(header: (name: string) => string | undefined): void {
  const type = header('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'text/plain' && type !== 'application/json') throw new CollectorError('unsupported_type');
  const encoding = header('content-encoding')?.trim().toLowerCase() || 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip') throw new CollectorError('unsupported_encoding');
  // A length that is no number is not believed in either direction: the bytes are counted as they come.
  if (Number(header('content-length')) > LIMITS.batchBytes) throw tooLarge();
}

/** The decoded JSON of a body, and how many bytes it had. Decompression stops at the limit, whatever is left. */
export async function decodeBody(
  bytes: Uint8Array,
  encoding: string | undefined,
): Promise<{ readonly json: unknown; readonly byteLength: number }> {
  const plain = encoding?.trim().toLowerCase() === 'gzip' ? await unzip(bytes) : bytes;
  if (!isUtf8(plain)) throw new CollectorError('bad_json');
  try {
    const text = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength).toString();
    return { json: JSON.parse(text), byteLength: plain.byteLength };
  } catch {
    throw new CollectorError('bad_json');
  }
}

async function unzip(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await inflate(bytes, { maxOutputLength: LIMITS.batchBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new CollectorError('bad_encoding', undefined, { cause });
  }
}

export const tooLarge = (): CollectorError =>
  new CollectorError('body_too_large', `the body is over the limit of ${LIMITS.batchBytes} bytes`);

/** Collects chunks up to the batch limit; `add` throws on the byte that is one too many. */
export function createBodyBuffer(): { add(chunk: Uint8Array): void; size(): number; bytes(): Uint8Array } {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    add(chunk) {
      length += chunk.byteLength;
      if (length > LIMITS.batchBytes) throw tooLarge();
      chunks.push(chunk);
    },
    size: () => length,
    bytes: () => (chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks, length)),
  };
}

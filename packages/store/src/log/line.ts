import { crc32 } from 'node:zlib';

/**
 * How a record lies in a segment: eight lower-case hex digits, the CRC-32 (as in gzip, RFC 1952) of the JSON's bytes;
 * a space; the JSON in UTF-8; LF. A line is complete once its LF is there, and `cut -c10-` gives plain NDJSON.
 */
const HEAD_BYTES = 9;
const SPACE = 0x20;
const LF = 0x0a;

/** Bytes of one record's JSON at most. Sixteen times the largest batch of the wire. */
export const MAX_RECORD_BYTES = 8 * 1024 * 1024;
/** Bytes of one line at most. */
export const MAX_LINE_BYTES = HEAD_BYTES + MAX_RECORD_BYTES + 1;

/** Why a complete line holds no record that can be trusted. */
export type LineFault = 'shape' | 'checksum' | 'too_long';

/**
 * The line of one record, with its LF.
 *
 * @throws RangeError for empty text, text with a newline, or more than `MAX_RECORD_BYTES`
 */
export function encodeLine(json: string): Uint8Array {
  const length = recordBytes(json);
  const line = Buffer.allocUnsafe(HEAD_BYTES + length + 1);
  line.write(json, HEAD_BYTES);
  const sum = crc32(line.subarray(HEAD_BYTES, HEAD_BYTES + length));
  line.write(sum.toString(16).padStart(HEAD_BYTES - 1, '0'), 'latin1');
  line[HEAD_BYTES - 1] = SPACE;
  line[HEAD_BYTES + length] = LF;
  return line;
}

/**
 * Bytes of a record's JSON.
 *
 * @throws RangeError as `encodeLine`
 */
export function recordBytes(json: string): number {
  const length = Buffer.byteLength(json);
  if (length === 0 || length > MAX_RECORD_BYTES) {
    throw new RangeError(`[log] a record must have 1 to ${MAX_RECORD_BYTES} bytes, not ${length}`);
  }
  if (json.includes('\n')) throw new RangeError('[log] a record must be JSON text without newlines');
  return length;
}

/** The JSON of a complete line, given without its LF: a view of the same memory. Or why it cannot be trusted. */
export function decodeLine(line: Uint8Array): Uint8Array | LineFault {
  if (line.length <= HEAD_BYTES || line[HEAD_BYTES - 1] !== SPACE) return 'shape';
  let stated = 0;
  for (let index = 0; index < HEAD_BYTES - 1; index++) {
    const digit = hexDigit(line[index]!);
    if (digit < 0) return 'shape';
    stated = stated * 16 + digit;
  }
  const json = line.subarray(HEAD_BYTES);
  return crc32(json) === stated ? json : 'checksum';
}

/** Where the line that starts at `from` ends: the index after its LF, or -1 while it has none. */
export const lineEnd = (bytes: Uint8Array, from: number): number => bytes.indexOf(LF, from) + 1 || -1;

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1;
}

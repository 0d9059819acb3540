import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLine, encodeLine, lineEnd, MAX_RECORD_BYTES } from './line.ts';

const withoutLf = (line: Uint8Array): Uint8Array => line.subarray(0, -1);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

describe('a line', () => {
  test('is the CRC-32 in hex, a space, the JSON and LF', () => {
    // The check value of CRC-32/ISO-HDLC: https://reveng.sourceforge.io/crc-catalogue/17plus.htm
    expect(text(encodeLine('123456789'))).toBe('cbf43926 123456789\n');
  });

  test('keeps a checksum with leading zeros eight digits wide', () => {
    const json = Array.from({ length: 2000 }, (_, n) => `{"n":${n}}`).find((it) =>
      text(encodeLine(it)).startsWith('00'),
    );
    expect(text(decodeLine(withoutLf(encodeLine(json!))) as Uint8Array)).toBe(json);
  });

  test('gives back any JSON text', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const line = encodeLine(json);
        expect(lineEnd(line, 0)).toBe(line.length);
        expect(text(decodeLine(withoutLf(line)) as Uint8Array)).toBe(Buffer.from(json).toString());
      }),
    );
  });

  test('with any one bit flipped holds no record', () => {
    const line = withoutLf(encodeLine('{"type":"page_view","title":"Été"}'));
    for (let bit = 0; bit < line.length * 8; bit++) {
      const flipped = Uint8Array.from(line);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(decodeLine(flipped)).toMatch(/^(shape|checksum)$/);
    }
  });

  test.each([
    '',
    'x',
    'cbf43926',
    'cbf43926 ',
    'CBF43926 123456789',
    'cbf43926_123456789',
    '123456789',
    '\0'.repeat(64),
  ])('of another shape holds no record: %j', (line) => {
    expect(decodeLine(Buffer.from(line))).toBe('shape');
  });

  test.each([
    ['empty text', ''],
    ['text with a newline', '{\n}'],
    ['more bytes than a record may have', 'é'.repeat(MAX_RECORD_BYTES / 2 + 1)],
  ])('is refused for %s', (_, json) => {
    expect(() => encodeLine(json)).toThrow(RangeError);
  });

  test('may have as many bytes as a record may have', () => {
    const line = encodeLine('x'.repeat(MAX_RECORD_BYTES));
    expect(decodeLine(withoutLf(line))).toHaveLength(MAX_RECORD_BYTES);
  });
});

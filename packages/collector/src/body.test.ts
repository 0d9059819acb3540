import { gzipSync } from 'node:zlib';
import { LIMITS } from '@parcours/protocol';
import { expect, it } from 'vitest';
import { checkBodyHeaders, createBodyBuffer, decodeBody } from './body.ts';

const headers = (values: Record<string, string>) => () => checkBodyHeaders((name) => values[name]);

it.each(['text/plain', 'application/json', 'text/plain;charset=UTF-8', 'Application/JSON; charset=utf-8'])(
  'takes %s',
  (type) => {
    expect(headers({ 'content-type': type })).not.toThrow();
  },
);

it.each([
  [{}, 'unsupported_type'],
  [{ 'content-type': 'multipart/form-data' }, 'unsupported_type'],
  [{ 'content-type': 'text/plain', 'content-encoding': 'br' }, 'unsupported_encoding'],
  [{ 'content-type': 'text/plain', 'content-length': String(LIMITS.batchBytes + 1) }, 'body_too_large'],
])('refuses %o as %s', (values, code) => {
  expect(headers(values as Record<string, string>)).toThrow(expect.objectContaining({ code }));
});

it.each([
  ['half an object', Buffer.from('{"v":1'), undefined, 'bad_json'],
  ['nothing', Buffer.alloc(0), undefined, 'bad_json'],
  ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), undefined, 'bad_json'],
  ['no gzip', Buffer.from('{}'), 'gzip', 'bad_encoding'],
  ['half a gzip', gzipSync('{"v":1}').subarray(0, 12), 'gzip', 'bad_encoding'],
])('refuses %s', async (_name, bytes, encoding, code) => {
  await expect(decodeBody(bytes, encoding)).rejects.toMatchObject({ code });
});

it('stops a gzip bomb at the limit', async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
  expect(bomb.byteLength).toBeLessThan(LIMITS.batchBytes);
  const before = process.memoryUsage().rss;
  await expect(decodeBody(bomb, 'gzip')).rejects.toMatchObject({ code: 'body_too_large' });
  expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
});

it('counts decoded bytes, and reads what is under the limit', async () => {
  expect(await decodeBody(gzipSync('{"v":1}'), 'gzip')).toEqual({ json: { v: 1 }, byteLength: 7 });
});

it('refuses the byte that is one too many', () => {
  const buffer = createBodyBuffer();
  buffer.add(Buffer.alloc(LIMITS.batchBytes));
  expect(buffer.bytes().byteLength).toBe(LIMITS.batchBytes);
  expect(() => buffer.add(Buffer.alloc(1))).toThrow(expect.objectContaining({ code: 'body_too_large' }));
});

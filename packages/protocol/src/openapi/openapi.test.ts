import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AppDescription, described, fallback, type Operation, openApiOf, type Router } from './index.ts';
import { createAnswerCheck, documentFaults } from './testing/index.ts';

const ABOUT: AppDescription = {
  title: 'Shelf',
  version: '1.0.0',
  description: 'Boots on a shelf.',
  tags: { boots: 'Boots.' },
  errors: { no_boot: { status: 404, text: 'no such boot' }, wet: { status: 404, text: 'it is wet' } },
  elsewhere: ['no_boot'],
  errorHeaders: () => ({ 'x-error-code': { description: 'The code.', required: true } }),
};

const BOOT: Operation = {
  id: 'getBoot',
  tag: 'boots',
  summary: 'A boot',
  inPath: { boot: { description: 'Its number.', schema: z.string().regex(/^\d+$/), example: '7' } },
  answers: {
    200: {
      description: 'The boot.',
      schema: z.strictObject({ size: z.int(), madeOf: z.string().optional() }).meta({ id: 'Boot' }),
      headers: { etag: { description: 'Its mark.', required: true } },
      examples: { 'a boot': { size: 42 } },
    },
    204: { description: 'Sold.' },
    410: { description: 'Sold long ago.' },
  },
  errors: ['no_boot', 'wet'],
};

const handler = () => new Response();
const app = (...routes: readonly (readonly [method: string, path: string, Operation | undefined])[]): Router => ({
  routes: routes.map(([method, path, operation]) => ({
    method,
    path,
    handler: operation ? described(operation, handler) : handler,
  })),
});
const shelf = (operation: Operation = BOOT, about: AppDescription = ABOUT) =>
  openApiOf(app(['GET', '/boots/:boot{[0-9]+}', operation]), about);

describe('openApiOf', () => {
  it('writes a path as a template, schemas once, and the error codes of one status as one answer', () => {
    const { paths, components } = shelf();
    expect(paths['/boots/{boot}']?.get).toMatchObject({
      operationId: 'getBoot',
      parameters: [{ name: 'boot', in: 'path', required: true }],
      responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Boot' } } } } },
    });
    expect(components.responses.Error404?.content?.['application/json']?.schema).toMatchObject({
      properties: { error: { properties: { code: { enum: ['no_boot', 'wet'] } } } },
    });
  });

  it('takes middleware and the answer to other methods for what they are, and nothing else', () => {
    const middleware = (_context: unknown, _next: unknown) => {};
    const other = fallback(() => new Response());
    const routes = [
      { method: 'ALL', path: '/*', handler: middleware },
      { method: 'ALL', path: '/boots', handler: other },
    ];
    expect(openApiOf({ routes }, ABOUT).paths).toEqual({});
    expect(() => openApiOf(app(['GET', '/a', undefined], ['POST', '/b', undefined]), ABOUT)).toThrow('GET /a, POST /b');
  });

  it.each<[string, Partial<Operation>, RegExp]>([
    ['an unknown tag', { tag: 'shoes' }, /getBoot has the unknown tag shoes/],
    ['an unknown code', { errors: ['dry'] }, /dry is no error code/],
    ['a value that the path has not', { inPath: {} }, /getBoot describes \[\] of the path \/boots\/\{boot\}/],
    ['an answer told twice', { answers: { 404: { description: 'None.' } } }, /getBoot tells its answer 404 twice/],
  ])('refuses %s', (_, wrong, message) => {
    expect(() => shelf({ ...BOOT, ...wrong })).toThrow(message);
  });

  it('refuses one name for two operations, and one schema name for two schemas', () => {
    const other: Operation = { ...BOOT, id: 'other', answers: { 200: { description: '', schema: twin } } };
    expect(() => openApiOf(app(['GET', '/a/:boot', BOOT], ['GET', '/b/:boot', BOOT]), ABOUT)).toThrow(
      'getBoot is both GET /a/{boot} and GET /b/{boot}',
    );
    expect(() => openApiOf(app(['GET', '/a/:boot', BOOT], ['GET', '/b/:boot', other]), ABOUT)).toThrow('named Boot');
  });
  const twin = z.strictObject({ length: z.int() }).meta({ id: 'Boot' });
});

describe('documentFaults', () => {
  it('finds none in a document that has none', async () => {
    expect(await documentFaults(shelf())).toEqual([]);
  });

  it('finds an example that is not as its schema says', async () => {
    const answers = { 200: { ...BOOT.answers[200], description: '', examples: { wrong: { size: 'large' } } } };
    expect(String(await documentFaults(shelf({ ...BOOT, answers })))).toMatch(
      /200 application\/json: the example wrong/,
    );
    const inPath = { boot: { description: '', schema: z.string().regex(/^\d+$/), example: 'seven' } };
    expect(String(await documentFaults(shelf({ ...BOOT, inPath })))).toMatch(/the example of boot/);
  });

  it('finds a reference that leads nowhere, an undeclared scheme, and what is no OpenAPI', async () => {
    const { components, ...document } = structuredClone(shelf());
    const bare = { ...document, components: { ...components, responses: {} } };
    await expect(documentFaults(bare)).resolves.toContain('the document has no #/components/responses/Error404');
    expect(String(await documentFaults(shelf({ ...BOOT, security: ['token'] })))).toContain('nobody declares token');
    const info = { version: 1 } as never;
    expect(String(await documentFaults({ ...shelf(), info }))).toContain('not OpenAPI 3.1');
  });
});

describe('an answer', () => {
  const check = createAnswerCheck(shelf());
  const boot = (body: unknown, { status = 200, ...headers }: { status?: number; [header: string]: unknown } = {}) =>
    check(
      'GET',
      'http://shelf.example/boots/7?full=1',
      new Response(JSON.stringify(body), {
        status,
        headers: JSON.parse(JSON.stringify({ 'content-type': 'application/json', etag: '"a"', ...headers })),
      }),
    );

  it('that is as described has a name', async () => {
    expect(await boot({ size: 42 })).toBe('getBoot 200');
    expect(await check('GET', '/boots/7', new Response(null, { status: 204 }))).toBe('getBoot 204');
    const none = { error: { code: 'no_boot', message: 'none' } };
    const headers = { 'content-type': 'application/json', 'x-error-code': 'no_boot' };
    const missing = () => new Response(JSON.stringify(none), { status: 404, headers });
    expect(await check('GET', '/boots/7', missing())).toBe('getBoot 404');
    expect(await check('GET', '/boots/seven', missing())).toBe('elsewhere 404');
    expect(await check('DELETE', '/boots/7', missing())).toBe('elsewhere 404');
    const head = new Response(null, { headers: { etag: '"a"' } });
    expect(await check('HEAD', '/boots/7', head)).toBe('getBoot 200');
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ['has a status that is not described', () => boot({}, { status: 418 }), /answered 418: this status is not/],
    ['lacks a field', () => boot({}), /must have required property 'size'/],
    ['has a field too many', () => boot({ size: 42, price: 1 }), /must NOT have additional properties.*price/],
    ['has a field of the wrong type', () => boot({ size: '42' }), /\/size must be integer/],
    ['has another content type', () => boot({ size: 42 }, { 'content-type': 'text/html' }), /text\/html is not/],
    ['has a header that is not described', () => boot({ size: 42 }, { 'x-spare': '1' }), /x-spare is not described/],
    [
      'has a body where none is described',
      () => boot({ size: 42 }, { status: 410, etag: undefined }),
      /has a body of application\/json/,
    ],
    [
      'has an unknown code',
      () => boot({ error: { code: 'dry', message: '' } }, { status: 404, etag: undefined, 'x-error-code': 'dry' }),
      /code/,
    ],
    ['lacks a header', () => check('GET', '/boots/7', Response.json({ size: 42 })), /the header etag is missing/],
    [
      'comes from nowhere',
      () => check('GET', '/shoes', Response.json({ size: 42 })),
      /\(elsewhere\) answered 200: this status is not described/,
    ],
  ])('that %s is refused', async (_, ask, message) => {
    await expect(ask()).rejects.toThrow(message);
  });
});

import { createHash } from 'node:crypto';
import { described } from '@parcours/protocol/openapi';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { collectorOpenApi, PUBLIC_FILE } from '../openapi.ts';

/** `/openapi.json`: every route of this collector, its own paths among them. Any page may read it. */
export function openApiRoute(app: Hono): void {
  let made: { readonly text: string; readonly etag: string } | undefined;
  app.get(
    '/openapi.json',
    described(
      {
        id: 'getOpenApi',
        tag: 'operation',
        summary: 'This document',
        inHeaders: { 'if-none-match': { description: 'Marks of the document that is there already.' } },
        answers: {
          200: {
            description: 'OpenAPI 3.1.',
            schema: z.looseObject({ openapi: z.literal('3.1.1') }),
            headers: PUBLIC_FILE,
          },
          304: { description: 'It is still the same.', headers: PUBLIC_FILE },
        },
      },
      (context: Context) => {
        // Made when it is first asked for: every route is mounted by then, and a start does not wait for it.
        made ??= withMark(JSON.stringify(collectorOpenApi(app)));
        const known = context.req.header('if-none-match')?.split(',') ?? [];
        const same = known.some((each) => each.trim().replace(/^W\//, '') === made?.etag);
        const headers = {
          'cache-control': 'public, max-age=3600',
          'access-control-allow-origin': '*',
          'cross-origin-resource-policy': 'cross-origin',
          'x-content-type-options': 'nosniff',
          etag: made.etag,
        };
        if (same) return context.body(null, 304, headers);
        return context.body(made.text, 200, { ...headers, 'content-type': 'application/json; charset=utf-8' });
      },
    ),
  );
}

const withMark = (text: string) => ({
  text,
  etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 32)}"`,
});

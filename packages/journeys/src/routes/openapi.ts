import { z } from 'zod';
import { open } from '../access/allow.ts';
import type { Journeys } from '../env.ts';
import { consoleOpenApi } from '../openapi.ts';

/** `/openapi.json`: every route of the private listener. */
export function openApiRoute(app: Journeys): void {
  let text: string | undefined;
  app.get(
    '/openapi.json',
    ...open(
      {
        id: 'getOpenApi',
        tag: 'operation',
        summary: 'This document',
        answers: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.literal('3.1.1') }) } },
      },
      (context) => {
        // Made when it is first asked for: every route is mounted by then.
        text ??= JSON.stringify(consoleOpenApi(app));
        return context.body(text, 200, { 'content-type': 'application/json; charset=utf-8' });
      },
    ),
  );
}

import type { Engine } from '@parcours/store';
import type { Hono } from 'hono';
import { answerQuery, readBody } from '../fault.ts';
import { REPORTS } from '../reports/index.ts';

/** `POST /v1/reports/<name>`: options in, result out. One route for each report of the index. */
export function reportRoutes(app: Hono, engine: Engine): void {
  for (const { name, options, run } of REPORTS) {
    app.post(`/v1/reports/${name}`, async (context) => {
      const asked = await readBody(context, options);
      return asked instanceof Response ? asked : answerQuery(context, () => run(engine, asked));
    });
  }
}

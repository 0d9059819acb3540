import type { Engine } from '@parcours/store';
import { api } from '../access/allow.ts';
import type { Journeys } from '../env.ts';
import { answerQuery, readBody } from '../fault.ts';
import { REPORTS } from '../reports/index.ts';
import type { ReportK } from '../reports/report_k.ts';
import { QUERY_ERRORS } from './query.ts';

/** `POST /v1/reports/<name>`: options in, result out. One route for each report of the index. */
export function reportRoutes(app: Journeys, engine: Engine, reportK: ReportK): void {
  for (const { name, summary, options, result, example, run } of REPORTS) {
    app.post(
      `/v1/reports/${name}`,
      ...api(
        {
          id: `report_${name}`,
          tag: 'reports',
          summary,
          roles: ['analyst'],
          body: { schema: options, examples: { [name]: example.options } },
          answers: { 200: { description: 'The result.', schema: result, examples: { [name]: example.result } } },
          errors: ['bad_request', ...QUERY_ERRORS],
        },
        async (context) => {
          const asked = await readBody(context, options);
          return asked instanceof Response
            ? asked
            : answerQuery(context, () => run(engine, asked, reportK(asked.site)));
        },
      ),
    );
  }
}

import { type Answer, answerError } from './answer.ts';
import { CollectorError } from './errors.ts';

const OTHERS = { vary: 'origin' } as const;

/**
 * Which pages may read an answer: the listed origins by name, never `*`, so that the visitor cookie may travel.
 * A page of another origin gets no CORS header at all and reads nothing.
 */
export function createCors(allowed: readonly string[]): {
  headers(origin: string | undefined): Readonly<Record<string, string>>;
  preflight(origin: string | undefined): Answer;
} {
  // Made once for each origin: this is asked at every request.
  const byOrigin = new Map(
    allowed.map((origin) => [
      origin,
      {
        ...OTHERS,
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'retry-after',
      },
    ]),
  );
  const headers = (origin: string | undefined): Readonly<Record<string, string>> =>
    (origin === undefined ? undefined : byOrigin.get(origin)) ?? OTHERS;
  return {
    headers,
    preflight(origin) {
      if (origin === undefined || !byOrigin.has(origin)) {
        return answerError(new CollectorError('origin_not_allowed'), headers(origin));
      }
      return {
        status: 204,
        headers: {
          ...headers(origin),
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': 'content-type, content-encoding',
          'access-control-max-age': '86400',
        },
        body: '',
      };
    },
  };
}

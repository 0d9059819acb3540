import { REQUEST, type RequestCode } from '@parcours/protocol';

/** A request refused whole. Becomes an HTTP answer in one place (`answerError`). */
export class CollectorError extends Error {
  readonly status: number;
  constructor(
    readonly code: RequestCode,
    message: string = REQUEST[code].text,
    readonly options: ErrorOptions & {
      /** Seconds after which another try is welcome; sent as Retry-After. */
      readonly retryAfter?: number;
      /** Default: the code's own. */
      readonly status?: number;
    } = {},
  ) {
    super(message, options);
    this.name = 'CollectorError';
    this.status = options.status ?? REQUEST[code].status;
  }
}

import { QueryError } from '../errors.ts';

/**
 * What went wrong with an operator's question, as one line.
 *
 * @param ended why it was ended from outside, where it was
 */
export function asQueryError(error: unknown, ended: string | undefined): QueryError {
  if (error instanceof QueryError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n')[0]!;
  if (ended !== undefined) return new QueryError('timeout', ended, { cause: error });
  if (/out of memory/i.test(line))
    return new QueryError('out_of_memory', 'the query needs more memory than it may have', { cause: error });
  if (/^Permission Error/.test(line)) return new QueryError('forbidden', line, { cause: error });
  return new QueryError('invalid', line, { cause: error });
}

import { fail } from './fail.ts';

/** Ends a command with an error's line, and its code where it has one of ours. */
export function failWith(error: unknown, { json = false }: { readonly json?: boolean | undefined }): never {
  const { message, code, name } = error as Error & { readonly code?: string };
  const isOurs = [
    'BackupError',
    'DataFormatError',
    'RefusedError',
    'QueryError',
    'EngineOpenError',
    'SubjectError',
  ].includes(name);
  fail(message, { json, code: isOurs && code !== undefined ? code : 'failed' });
}

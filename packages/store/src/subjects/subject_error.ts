/** Why a person cannot be found, exported or erased as asked. */
export class SubjectError extends Error {
  override name = 'SubjectError';
  constructor(
    readonly code: 'bad_id' | 'unknown_subject' | 'too_many_ids' | 'not_recorded',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

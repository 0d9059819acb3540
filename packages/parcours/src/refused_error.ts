/** Why a reader refused what it was asked: the secret is wrong, say, or the role may not. */
export class RefusedError extends Error {
  override name = 'RefusedError';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

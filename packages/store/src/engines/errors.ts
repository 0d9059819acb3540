/** Why a query of an operator was refused or ended: `message` is one line, fit to show. */
export class QueryError extends Error {
  constructor(
    readonly code: 'not_a_select' | 'forbidden' | 'invalid' | 'timeout' | 'out_of_memory' | 'busy' | 'no_space',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'QueryError';
  }
}

/** Why an engine did not open. `locked`: another process has the file. `unreadable`: it is damaged; rebuild it. */
export class EngineOpenError extends Error {
  constructor(
    readonly code: 'locked' | 'unreadable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'EngineOpenError';
  }
}

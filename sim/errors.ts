/** An error of the model's user: an object, load or machine that cannot be. */
export class SimError extends Error {
  override readonly name = 'SimError';
  constructor(
    readonly code: string,
    message: string,
    /** What to do about it. */
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** What a program did that a real kernel would have refused or died of, at its line of source. */
export class Fault extends SimError {
  constructor(
    code: string,
    message: string,
    /** `nest.ts:120:7`, '' where the object has no lines. */
    readonly where: string,
    readonly program: string,
    hint?: string,
  ) {
    super(code, where ? `${where}: ${message}` : message, hint);
  }
}

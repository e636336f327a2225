/** A problem that the user can do something about. */
export class VmError extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
    this.name = 'VmError';
  }
}

/** What an operator needs in order to act. The message contains every field. */
export interface OperatorErrorParts {
  /** What failed, in one sentence. */
  readonly what: string;
  /** Where it failed: the path of a setting, a resource, a host or a file. */
  readonly where: string;
  /** What to do about it. */
  readonly remedy: string;
}

/**
 * An error that the operator can correct, such as a wrong setting, an unreachable host or too little memory.
 *
 * It is shown without a stack trace. Every other error is a bug of this program and is shown with its stack trace.
 */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
  readonly parts: OperatorErrorParts;
  /** Makes Pulumi print the message without a stack trace (`RunError` in @pulumi/pulumi 3.259). */
  readonly __pulumiRunError = true;

  constructor(parts: OperatorErrorParts, options?: ErrorOptions) {
    super(`${parts.what}\n  where:  ${parts.where}\n  remedy: ${parts.remedy}`, options);
    this.parts = parts;
  }
}

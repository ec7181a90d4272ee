/** What an operator needs in order to act: every field ends up in the message. */
export interface OperatorErrorParts {
  /** What failed, in one sentence. */
  readonly what: string;
  /** Where: a setting path, a resource, a host, a file. */
  readonly where: string;
  /** What to do about it. */
  readonly remedy: string;
}

/**
 * A mistake the operator can mend: bad settings, an unreachable host, too little memory.
 *
 * It is shown without a stack trace; any other error is a bug of ours and keeps its trace.
 */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
  readonly parts: OperatorErrorParts;
  /** By this mark, Pulumi's runner prints the message alone (`RunError` in @pulumi/pulumi 3.259). */
  readonly __pulumiRunError = true;

  constructor(parts: OperatorErrorParts, options?: ErrorOptions) {
    super(`${parts.what}\n  where:  ${parts.where}\n  remedy: ${parts.remedy}`, options);
    this.parts = parts;
  }
}

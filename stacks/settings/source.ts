/** Where the settings come from: the stack's configuration, or a plain object in a test. */
export interface SettingsSource {
  /** The file that the operator edits, as messages name it: `Pulumi.sandbox.yaml`. */
  readonly file: string;
  /** Every key of the namespace `bibind`, without its prefix, and what was given there. */
  readonly values: Readonly<Record<string, unknown>>;
}

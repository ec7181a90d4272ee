/** A source of settings: the configuration of the stack, or an object in a test. */
export interface SettingsSource {
  /** Name of the operator's file for messages: `Pulumi.sandbox.yaml`. */
  readonly file: string;
  /** The given value of every key of the namespace `bibind`, without the prefix. */
  readonly values: Readonly<Record<string, unknown>>;
}

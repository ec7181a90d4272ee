/** Says whether a setting that is given is encrypted in the stack's settings. @param path - without the namespace `bibind` */
export type IsEncrypted = (path: readonly PropertyKey[]) => boolean;

/** A source of settings: the configuration of the stack, or an object in a test. */
export interface SettingsSource {
  /** Name of the operator's file for messages: `Pulumi.sandbox.yaml`. */
  readonly file: string;
  /** The given value of every key of the namespace `bibind`, without the prefix. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Default: every setting is encrypted, because the values do not come from a file. */
  readonly isEncrypted?: IsEncrypted;
}

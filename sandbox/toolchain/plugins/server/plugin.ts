import type { Properties } from "./values.ts";

/** Why an input is refused; shown beside the resource, before anything is made. */
export interface CheckFailure {
  /** Path of the property, such as `connection.host`. */
  readonly property: string;
  readonly reason: string;
}

/** What a difference at one path means. */
export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

/** What a change of inputs asks for. */
export interface DiffResult {
  /** Is there anything to do? */
  readonly changes: boolean;
  /** Top-level properties whose change needs a new resource; one is enough for a replacement. */
  readonly replaces: readonly string[];
  /** Top-level properties that changed. */
  readonly diffs: readonly string[];
  /** Must the old resource go before the new one is made? Default false. */
  readonly deleteBeforeReplace?: boolean;
  /** By property path; `inputDiff` (default false) says that inputs, not outputs, differ. */
  readonly detailed?: Readonly<Record<string, { readonly kind: DiffKind; readonly inputDiff?: boolean }>>;
}

/** The resource that a call is about, and the engine's side of the call. */
export interface ResourceContext {
  readonly urn: string;
  /** Type token, such as `command:local:Command`. */
  readonly type: string;
  /** Logical name in the program. */
  readonly name: string;
  /** Nothing may be changed in a preview. The engine tells it for create and update; elsewhere it is false. */
  readonly preview: boolean;
  /** `customTimeouts` of the resource in seconds; 0: the plugin's own default. */
  readonly timeoutSeconds: number;
  /** Aborted when the operator interrupts: stop soon, and say what was done. */
  readonly cancelled: AbortSignal;
  /**
   * Tells the operator, through the engine and tied to this resource; secrets are redacted. An `info` is a passing
   * status, a `warning` is kept for the summary, `debug` shows with `--debug` alone.
   */
  readonly log: (severity: "info" | "warning" | "debug", message: string) => Promise<void>;
}

/** A provider of resources. Values come without secret wrappers; the server puts these back (see `servePlugin`). */
export interface ResourcePlugin {
  /** Package name, such as `command`. */
  readonly name: string;
  readonly version: string;
  /** Are assets and archives taken? Default false: refused by the name of the property. */
  readonly acceptsAssets?: boolean;
  /**
   * Paths, such as `connection.host`, whose texts may be shown although the SDK makes the whole property a secret.
   * Default none.
   */
  readonly publicPaths?: readonly string[];
  /**
   * Takes the provider's settings (its constructor arguments in the program).
   *
   * Never called while a setting is unknown: the engine then previews without the plugin. SDKs send settings that are
   * not strings as JSON text (`"true"`).
   *
   * @throws OperatorError for a setting that is not known or not valid
   */
  configure(settings: Properties): Promise<void>;
  /** Checks the provider's settings; default: takes them as they are (`configure` refuses what is wrong). */
  checkConfig?(news: Properties): Promise<{ inputs: Properties; failures: readonly CheckFailure[] }>;
  /** Compares the provider's settings; default: every difference is an update, never a replacement of all resources. */
  diffConfig?(olds: Properties, news: Properties): Promise<DiffResult>;
  /**
   * Validates and completes inputs.
   *
   * @param randomSeed the same for the same plan, so that generated names do not change between preview and update
   */
  check(
    context: ResourceContext,
    olds: Properties,
    news: Properties,
    randomSeed: Uint8Array,
  ): Promise<{ inputs: Properties; failures: readonly CheckFailure[] }>;
  /** `ignoreChanges`: paths that the engine already copied from the old inputs into `news`. */
  diff(
    context: ResourceContext,
    id: string,
    oldInputs: Properties,
    oldOutputs: Properties,
    news: Properties,
    ignoreChanges: readonly string[],
  ): Promise<DiffResult>;
  /** In a preview nothing is made, the id may be empty and outputs may hold `Unknown`. */
  create(context: ResourceContext, inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  /** `undefined`: the resource is gone. On an import, `inputs` and `outputs` are empty. */
  read(
    context: ResourceContext,
    id: string,
    inputs: Properties,
    outputs: Properties,
  ): Promise<{ id: string; inputs: Properties; outputs: Properties } | undefined>;
  update(
    context: ResourceContext,
    id: string,
    oldInputs: Properties,
    oldOutputs: Properties,
    news: Properties,
  ): Promise<{ outputs: Properties }>;
  /** Must succeed when the resource is already gone. */
  delete(context: ResourceContext, id: string, inputs: Properties, outputs: Properties): Promise<void>;
  /** A function of the package; default: every token is refused by name. */
  invoke?(token: string, args: Properties): Promise<Properties>;
  /**
   * Top-level properties of a type, inputs and outputs, that are secret whatever the program says.
   *
   * @param secretInputs top-level inputs that hold a secret
   */
  alwaysSecret?(type: string, secretInputs: readonly string[]): readonly string[];
}

/** What is known of a resource that was made but did not become healthy. */
export interface InitializationErrorParts {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** One sentence each: what is not healthy, and what to look at. */
  readonly reasons: readonly string[];
}

/**
 * The resource was created or updated but never became healthy.
 *
 * The engine keeps it in the state, marks it, and updates it in the next run even when its inputs are the same.
 */
export class InitializationError extends Error {
  override readonly name = "InitializationError";
  readonly parts: InitializationErrorParts;

  constructor(message: string, parts: InitializationErrorParts, options?: ErrorOptions) {
    super(message, options);
    this.parts = parts;
  }
}

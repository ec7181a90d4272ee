import type { Properties } from "./values.ts";

/** Why an input is refused. The engine shows it next to the resource, before anything is created. */
export interface CheckFailure {
  /** Path of the property, such as `connection.host`. */
  readonly property: string;
  readonly reason: string;
}

/** What a difference at one path means. */
export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

/** What a change of inputs requires. */
export interface DiffResult {
  /** Whether there is anything to do. */
  readonly changes: boolean;
  /** Top-level properties whose change needs a new resource. One is enough for a replacement. */
  readonly replaces: readonly string[];
  /** Top-level properties that changed. */
  readonly diffs: readonly string[];
  /** Whether the old resource is deleted before the new one is created. Default false. */
  readonly deleteBeforeReplace?: boolean;
  /** By property path. `inputDiff` (default false) says that inputs differ, not outputs. */
  readonly detailed?: Readonly<Record<string, { readonly kind: DiffKind; readonly inputDiff?: boolean }>>;
}

/** The resource of a call, and what the engine provides for the call. */
export interface ResourceContext {
  readonly urn: string;
  /** Type token, such as `command:remote:Command`. */
  readonly type: string;
  /** Logical name in the program. */
  readonly name: string;
  /** A preview changes nothing. The engine sets it for create and update; elsewhere it is false. */
  readonly preview: boolean;
  /** `customTimeouts` of the resource in seconds; 0: the plugin's own default. */
  readonly timeoutSeconds: number;
  /** Aborted when the operator interrupts. The plugin then stops soon and reports what it has done. */
  readonly cancelled: AbortSignal;
  /**
   * Shows a message next to this resource, with secrets redacted. An `info` is a temporary status, a `warning` stays in
   * the summary, a `debug` needs `--debug`.
   */
  readonly log: (severity: "info" | "warning" | "debug", message: string) => Promise<void>;
}

export interface CheckResult {
  readonly inputs: Properties;
  readonly failures: readonly CheckFailure[];
}

/** A resource as it is in the state. */
export interface ResourceState {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

type Eventual<T> = T | Promise<T>;

/**
 * A provider of resources. It receives values without secret wrappers. The server restores them (see `servePlugin`).
 */
export interface ResourcePlugin {
  /** Package name, such as `command`. */
  readonly name: string;
  readonly version: string;
  /**
   * Paths, such as `connection.host`, whose strings may be shown although the SDK makes the whole property a secret.
   * Default none.
   */
  readonly publicPaths?: readonly string[];
  /**
   * Receives the provider's settings, which are its constructor arguments in the program.
   *
   * The engine does not call it while a setting is unknown: then it previews without the plugin. SDKs send settings
   * that are not strings as JSON text (`"true"`).
   *
   * @throws OperatorError for a setting that is unknown or invalid
   */
  configure(settings: Properties): Eventual<void>;
  /** Compares the provider's settings. Default: every difference is an update and replaces no resource. */
  diffConfig?(olds: Properties, news: Properties): Eventual<DiffResult>;
  /**
   * Validates and completes inputs.
   *
   * @param randomSeed - equal in a preview and its update, so that generated names are equal too
   */
  check(context: ResourceContext, olds: Properties, news: Properties, randomSeed: Uint8Array): Eventual<CheckResult>;
  /** @param ignoreChanges - paths that the engine already copied from the old inputs into `news` */
  diff(
    context: ResourceContext,
    id: string,
    oldInputs: Properties,
    oldOutputs: Properties,
    news: Properties,
    ignoreChanges: readonly string[],
  ): Eventual<DiffResult>;
  /** A preview creates nothing; its id may be empty and its outputs may hold `Unknown`. */
  create(context: ResourceContext, inputs: Properties): Eventual<{ readonly id: string; readonly outputs: Properties }>;
  /** Undefined when the resource is gone. On an import, `inputs` and `outputs` are empty. */
  read(
    context: ResourceContext,
    id: string,
    inputs: Properties,
    outputs: Properties,
  ): Eventual<ResourceState | undefined>;
  update(
    context: ResourceContext,
    id: string,
    oldInputs: Properties,
    oldOutputs: Properties,
    news: Properties,
  ): Eventual<{ readonly outputs: Properties }>;
  /** Succeeds when the resource is already gone. */
  delete(context: ResourceContext, id: string, inputs: Properties, outputs: Properties): Eventual<void>;
  /**
   * Top-level inputs and outputs of a type that are secret regardless of the program.
   *
   * @param secretInputs - top-level inputs that hold a secret
   */
  alwaysSecret?(type: string, secretInputs: readonly string[]): readonly string[];
}

/** The state of a resource that exists but is not healthy. */
export interface UnhealthyResource extends ResourceState {
  /** One sentence for each problem. */
  readonly reasons: readonly string[];
}

/**
 * The resource was created or updated but did not become healthy.
 *
 * The engine keeps it in the state, marks it, and updates it in the next run even when its inputs are the same.
 */
export class InitializationError extends Error {
  override readonly name = "InitializationError";
  readonly resource: UnhealthyResource;

  constructor(message: string, resource: UnhealthyResource, options?: ErrorOptions) {
    super(message, options);
    this.resource = resource;
  }
}

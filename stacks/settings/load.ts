import { OperatorError } from "../../components/errors/operator-error.ts";
import { deployedLayers, type LayerSettings } from "./deployed-layers.ts";
import { plainSecretLines } from "./plain-secrets.ts";
import { platformSchema } from "./platform-settings.ts";
import { problemLines } from "./problems.ts";
import { valueAt } from "./schema.ts";
import type { SettingsSource } from "./source.ts";

/** The checked settings of a stack. */
export interface PlatformSettings {
  /** Stack that deploys the other layers; undefined when there is none. */
  readonly upstream: string | undefined;
  /** Whether what holds data is protected. */
  readonly protectData: boolean;
  /** Settings that the operator gave for each layer of this stack, in order of deployment. Their schema accepts them. */
  readonly layers: ReadonlyMap<string, unknown>;
}

/** Every stack deploys layers, so a file without any setting is the wrong one, or there is none. */
function requireSettings({ file, values }: SettingsSource): void {
  if (Object.keys(values).length === 0) {
    throw new OperatorError({
      what: "the stack has no settings: the file does not exist, or it has no key bibind:… below config",
      where: file,
      remedy: "write the file (Pulumi.ovh.yaml is an example), or name another stack with --stack",
    });
  }
}

/**
 * Reads and checks all settings of a stack.
 *
 * The settings of a layer that the stack does not deploy are checked too, but they are not in the result.
 *
 * @throws OperatorError that names every problem
 */
export function loadSettings(source: SettingsSource, layers: readonly LayerSettings[]): PlatformSettings {
  requireSettings(source);
  const schema = platformSchema(layers);
  const deployed = deployedLayers(source.values, layers).map(({ name }) => name);
  // The defaults may be all that a layer needs.
  const given: Record<string, unknown> = {
    ...Object.fromEntries(deployed.map((name) => [name, {}])),
    ...source.values,
  };
  const result = schema.safeParse(given);
  const lines = [
    ...(result.success ? [] : problemLines(schema, given, result.error.issues, source.file)),
    ...plainSecretLines(schema, source),
  ];
  if (!result.success || lines.length > 0) {
    throw new OperatorError({
      what: `${lines.length === 1 ? "1 setting is" : `${lines.length} settings are`} wrong:\n  ${lines.join("\n  ")}`,
      where: source.file,
      remedy: "correct the file and run again; docs/reference/settings.md explains every setting",
    });
  }
  const upstream = valueAt(given, ["upstream"]);
  return {
    upstream: typeof upstream === "string" ? upstream : undefined,
    protectData: valueAt(result.data, ["protectData"]) === true,
    layers: new Map(deployed.map((name) => [name, given[name]])),
  };
}

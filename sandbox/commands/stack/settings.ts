import { parseDocument, type Document } from "yaml";
import { z } from "zod";

/** The cluster of the stack: the one on the sandbox's machine, or the one of the current kubeconfig. */
export type ClusterChoice = "machine" | "existing";

/** What a stack is made for. */
export interface StackChoice {
  readonly cluster: ClusterChoice;
  /** Names of the layers that it deploys. */
  readonly layers: readonly string[];
}

const layers = ["config", "bibind:layers"] as const;
const foundation = ["config", "bibind:foundation"] as const;

/** The path of the one secret that each choice needs, below the settings of the layer foundation. */
export const secretOf: Readonly<Record<ClusterChoice, readonly string[]>> = {
  machine: ["host", "privateKey"],
  existing: ["cluster", "kubeconfig"],
};

/** The secret's key for `pulumi config set --path`. */
export function secretName(choice: ClusterChoice): string {
  return `bibind:foundation.${secretOf[choice].join(".")}`;
}

function copySecret(target: Document, source: Document, choice: ClusterChoice): void {
  const path = [...foundation, ...secretOf[choice]];
  const secure = source.getIn([...path, "secure"]);
  if (typeof secure === "string") {
    target.setIn(path, { secure });
  }
}

/**
 * The settings file of this machine: the committed settings with the machine's host key. The encrypted secret and its
 * salt come from the previous file.
 *
 * @param committed - text of Pulumi.sandbox.yaml
 * @param previous - text of the previous settings file; empty when there is none
 */
export function renderSettings(committed: string, previous: string, choice: StackChoice, hostKey: string): string {
  const target = parseDocument(committed);
  const source = parseDocument(previous);
  const salt = source.get("encryptionsalt");
  if (typeof salt === "string") {
    target.set("encryptionsalt", salt);
  }
  target.setIn(layers, choice.layers);
  if (choice.cluster === "machine") {
    target.setIn([...foundation, "host", "hostKey"], hostKey);
  } else {
    // Without the machine, there is no SSH connection and no chart mirror.
    target.deleteIn([...foundation, "host"]);
    target.deleteIn([...foundation, "chartRepository"]);
  }
  copySecret(target, source, choice.cluster);
  return target.toString({ lineWidth: 0 });
}

/** Names of the layers that a settings file deploys; none in an empty file. */
export function layersIn(settings: string): string[] {
  const document: unknown = parseDocument(settings).toJS() ?? {};
  const { config } = z
    .object({ config: z.looseObject({ "bibind:layers": z.array(z.string()) }).optional() })
    .parse(document);
  return config?.["bibind:layers"] ?? [];
}

/** Whether the settings contain the choice's secret, encrypted. */
export function holdsSecret(settings: string, choice: ClusterChoice): boolean {
  return typeof parseDocument(settings).getIn([...foundation, ...secretOf[choice], "secure"]) === "string";
}

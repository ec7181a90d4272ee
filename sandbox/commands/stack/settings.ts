import { parseDocument, type Document } from "yaml";
import { z } from "zod";

/** Which cluster the stack is for: the one on our machine, or the one of the current kubeconfig. */
export type ClusterChoice = "machine" | "existing";

/** What a stack is made for. */
export interface StackChoice {
  readonly cluster: ClusterChoice;
  /** Names of the layers that it deploys. */
  readonly layers: readonly string[];
}

const layers = ["config", "bibind:layers"] as const;
const foundation = ["config", "bibind:foundation"] as const;

/** Path in the settings file, and name for the engine, of the one secret of each choice. */
export const secretOf: Readonly<Record<ClusterChoice, readonly string[]>> = {
  machine: ["host", "privateKey"],
  existing: ["cluster", "kubeconfig"],
};

/** The name by which `pulumi config set --path` knows the secret. */
export function secretName(choice: ClusterChoice): string {
  return `bibind:foundation.${secretOf[choice].join(".")}`;
}

function adoptSecret(target: Document, previous: Document, choice: ClusterChoice): void {
  const path = [...foundation, ...secretOf[choice]];
  const secure = previous.getIn([...path, "secure"]);
  if (typeof secure === "string") {
    target.setIn(path, { secure });
  }
}

/**
 * The committed settings with the facts of this machine; the key of the encryption and what it encrypted are taken over
 * from the previous copy.
 */
export function renderSettings(committed: string, previous: string, choice: StackChoice, hostKey: string): string {
  const target = parseDocument(committed);
  const before = parseDocument(previous);
  const salt = before.get("encryptionsalt");
  if (typeof salt === "string") {
    target.set("encryptionsalt", salt);
  }
  target.setIn(layers, choice.layers);
  if (choice.cluster === "machine") {
    target.setIn([...foundation, "host", "hostKey"], hostKey);
  } else {
    // Nothing is installed over SSH, and the chart mirror is on the machine that is not there.
    target.deleteIn([...foundation, "host"]);
    target.deleteIn([...foundation, "chartRepository"]);
  }
  adoptSecret(target, before, choice.cluster);
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

/** True when the settings hold the secret of the choice, encrypted. */
export function holdsSecret(settings: string, choice: ClusterChoice): boolean {
  return typeof parseDocument(settings).getIn([...foundation, ...secretOf[choice], "secure"]) === "string";
}

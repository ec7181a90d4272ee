import { parseDocument, type Document } from "yaml";

/** The cluster of the stack: the one on the sandbox's machine, or the one of the current kubeconfig. */
export type ClusterChoice = "machine" | "existing";

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
export function renderSettings(committed: string, previous: string, choice: ClusterChoice, hostKey: string): string {
  const target = parseDocument(committed);
  const source = parseDocument(previous);
  const salt = source.get("encryptionsalt");
  if (typeof salt === "string") {
    target.set("encryptionsalt", salt);
  }
  if (choice === "machine") {
    target.setIn([...foundation, "host", "hostKey"], hostKey);
  } else {
    // Without the machine, there is no SSH connection and no chart mirror.
    target.deleteIn([...foundation, "host"]);
    target.deleteIn([...foundation, "chartRepository"]);
  }
  copySecret(target, source, choice);
  return target.toString({ lineWidth: 0 });
}

/** Whether the settings contain the choice's secret, encrypted. */
export function holdsSecret(settings: string, choice: ClusterChoice): boolean {
  return typeof parseDocument(settings).getIn([...foundation, ...secretOf[choice], "secure"]) === "string";
}

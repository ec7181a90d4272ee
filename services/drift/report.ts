import type { Difference } from "./differences.ts";
import { pathText, type JsonObject, type Path } from "./json.ts";
import { isDeleted, titleOf, type ObjectDrift } from "./object-drift.ts";
import { foreignOwners, isForeign, ownerText, type Owner } from "./owners.ts";

/** Longest value in a report, in characters. */
const longestValue = 100;

function valueText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

/** Whether the value of a field is secret: a field that is secret is inside of it, or around it. */
function isSecret(path: Path, secrets: readonly Path[]): boolean {
  return secrets.some((secret) => {
    const length = Math.min(secret.length, path.length);
    // The state knows an item by its index, a path can know it by its key.
    return secret.slice(0, length).every((step, index) => step === path[index] || typeof step === "number");
  });
}

function valuesText({ path, declared, live }: Difference, secrets: readonly Path[]): string {
  if (declared === undefined) {
    return isSecret(path, secrets) ? "was added" : `was added: ${valueText(live)}`;
  }
  if (live === undefined) {
    return isSecret(path, secrets) ? "is missing" : `is missing, declared ${valueText(declared)}`;
  }
  return isSecret(path, secrets) ? "differs" : `declared ${valueText(declared)}, live ${valueText(live)}`;
}

/** Who changed a field. Kubernetes does not record who removed one. */
function authorText(live: JsonObject, { path }: Difference, owners: readonly Owner[]): string {
  const authors = foreignOwners(owners, live, path);
  if (authors.length > 0) {
    return `by ${authors.map(ownerText).join(", ")}`;
  }
  const last = owners.find(isForeign);
  return last === undefined
    ? "Kubernetes does not record by whom"
    : `Kubernetes does not record by whom; the last other writer of the object is ${ownerText(last)}`;
}

/** Everything that is not as declared in one object, a line for each field. */
export function reportOf({ object, live, changed, added, owners }: ObjectDrift): string {
  const title = `${titleOf(object)} (${object.apiVersion})`;
  if (live === undefined) {
    return `${title}\n  does not exist; Kubernetes does not record who deleted it\n`;
  }
  const deleted = isDeleted(live) ? ["  is being deleted"] : [];
  const fields = [...changed, ...added].map(
    (difference) =>
      `  ${pathText(difference.path)}: ${valuesText(difference, object.secrets)}; ${authorText(live, difference, owners)}`,
  );
  return `${[title, ...deleted, ...fields].join("\n")}\n`;
}

import { at, child, isObject, listAt, objectAt, textAt, type JsonObject, type Path, type Step } from "./json.ts";

/** Who owns fields of an object, by its managed fields. */
export interface Owner {
  readonly manager: string;
  /** `Apply` (server-side apply) or `Update` (any other write). */
  readonly operation: string;
  /** Part of the API by which it wrote, such as `scale`; undefined for the object itself. */
  readonly subresource: string | undefined;
  /** Time of its last write (RFC 3339). */
  readonly time: string | undefined;
  /** Its fields (fieldsV1). */
  readonly fields: JsonObject;
  /** Whether it is the field manager by which the platform applies the object. */
  readonly isOurs: boolean;
}

/** Field managers of Kubernetes' and the platform's controllers. What they add to an object belongs to their work. */
const controllers = /^(kube-|kubelet$|cert-manager|manager|cloudnative-pg|vault-secrets-operator|traefik|microk8s)/;

/** The owners of the object's fields, the latest first. @param ours - field managers by which the platform applies it */
export function ownersOf(live: JsonObject, ours: readonly string[]): Owner[] {
  return listAt(live, "metadata", "managedFields")
    .map((entry) => {
      const manager = textAt(entry, "manager") ?? "";
      return {
        manager,
        operation: textAt(entry, "operation") ?? "",
        subresource: textAt(entry, "subresource"),
        time: textAt(entry, "time"),
        fields: objectAt(entry, "fieldsV1"),
        isOurs: ours.includes(manager),
      };
    })
    .toSorted((one, other) => (other.time ?? "").localeCompare(one.time ?? ""));
}

/** Whether it is neither the platform nor a controller, and wrote more than the status. */
export function isForeign({ isOurs, manager, subresource }: Owner): boolean {
  return !isOurs && subresource !== "status" && !controllers.test(manager);
}

/** Whether a key of managed fields, such as `k:{"containerPort":80,"protocol":"TCP"}`, belongs to the item. */
function isKeyOf(entry: string, item: unknown): boolean {
  const key: unknown = entry.startsWith("k:") ? JSON.parse(entry.slice(2)) : undefined;
  return isObject(key) && Object.entries(key).every(([name, value]) => at(item, name) === value);
}

function below(fields: JsonObject, live: unknown, step: Step): unknown {
  if (typeof step === "string") {
    return fields[`f:${step}`];
  }
  const item = child(live, step);
  return Object.entries(fields).find(([entry]) => isKeyOf(entry, item) || entry === `v:${JSON.stringify(item)}`)?.[1];
}

function owns(fields: JsonObject, live: unknown, path: Path): boolean {
  const [step, ...rest] = path;
  if (step === undefined || Object.keys(fields).length === 0) {
    return true;
  }
  const next = below(fields, live, step);
  return isObject(next) && owns(next, child(live, step), rest);
}

/** Whether the owner has the field, or a field around it that is one for the API server. */
export function ownsPath({ fields }: Owner, live: JsonObject, path: Path): boolean {
  return owns(fields, live, path);
}

/** The owners of a field of the live object, without the platform. */
export function foreignOwners(owners: readonly Owner[], live: JsonObject, path: Path): Owner[] {
  return owners.filter((owner) => !owner.isOurs && ownsPath(owner, live, path));
}

/** An owner for people: `kubectl (Update of scale) at 2026-11-30T08:00:00Z`. */
export function ownerText({ manager, operation, subresource, time }: Owner): string {
  const part = subresource === undefined ? "" : ` of ${subresource}`;
  return `${manager} (${operation}${part})${time === undefined ? "" : ` at ${time}`}`;
}

import * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "../errors/operator-error.ts";

/** A volume whose size stays as it was made. */
export interface FixedVolume {
  /** Name of the check, unique in the stack. */
  readonly name: string;
  /** What has the volume, for the message. */
  readonly owner: string;
  /** Path of the size in the inputs of the resource. */
  readonly path: readonly string[];
}

function valueAt(inputs: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    inputs,
  );
}

/**
 * Refuses another size of a volume, already in the preview.
 *
 * MicroK8s' StorageClass makes folders of the machine and does not expand a volume (no `allowVolumeExpansion`). Kubernetes
 * would refuse the change when the resource is half updated.
 */
export function fixedVolume({ name, owner, path }: FixedVolume): pulumi.ResourceHookBinding {
  const check = new pulumi.ResourceHook(
    name,
    ({ oldInputs, newInputs }) => {
      const [before, after] = [valueAt(oldInputs, path), valueAt(newInputs, path)];
      if (typeof before === "string" && typeof after === "string" && before !== after) {
        throw new OperatorError({
          what: `the volumes of ${owner} have ${before}, and the storage class cannot change them to ${after}`,
          where: "the setting storageGiB of this layer",
          remedy: `set it back to ${before.replace(/Gi$/, "")}; a larger volume needs a new ${owner} with a copy of the data`,
        });
      }
    },
    { onDryRun: true },
  );
  return { beforeUpdate: [check] };
}

import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { OperatorError } from "../components/errors/operator-error.ts";

/** What the protection must know of a layer. */
interface LayerData {
  readonly name: string;
  /** Data that is lost when the layer is removed, for messages. */
  readonly data: string;
}

/** Name of the stack output with the layers whose data the last update protected. */
export const protectedLayersOutput = "protectedLayers";

/**
 * Opens the protection of this stack: what holds data may then be deleted and replaced. Must be called before anything
 * is registered.
 *
 * A component protects what holds data (`protect: true`), so that a component of a new layer is protected by default.
 */
export function openProtection(): void {
  pulumi.runtime.registerStackTransformation(({ props, opts }) =>
    opts.protect === true ? { props, opts: { ...opts, protect: false } } : undefined,
  );
}

const lastUpdate = z.object({
  outputs: z.object({ [protectedLayersOutput]: z.array(z.string()).default([]) }),
});

/** The layers whose data the last update of this stack protected; none before the first update. */
async function protectedLayers(): Promise<string[]> {
  const name = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const state: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
  return lastUpdate.parse(state).outputs[protectedLayersOutput];
}

/**
 * Refuses to remove a layer whose data is protected, before anything is registered.
 *
 * The engine refuses to delete what is protected too, but one resource at a time, after it has deleted the others
 * (`pulumi up --skip-preview`).
 *
 * @param deployed - names of the layers that the stack is to deploy
 * @param layers - every layer of the program
 * @throws OperatorError that says what would be lost
 */
export async function refuseLoss(
  deployed: readonly string[],
  layers: readonly LayerData[],
  file: string,
): Promise<void> {
  const removed = (await protectedLayers()).filter((name) => !deployed.includes(name));
  if (removed.length === 0) {
    return;
  }
  const names = removed.join(" and ");
  const losses = removed.map(
    (name) => `${name}: ${layers.find((layer) => layer.name === name)?.data ?? "all its data"}`,
  );
  throw new OperatorError({
    what: `the stack deploys ${names}, and bibind:layers does not name ${removed.length === 1 ? "it" : "them"} any more; this would delete\n  ${losses.join("\n  ")}`,
    where: `bibind:layers (${file})`,
    remedy: `add ${names} to bibind:layers again. To delete this data: keep ${names} there, set bibind:protectData to false and run pulumi up; then remove ${names} and run pulumi up again`,
  });
}

import type { z } from "zod";
import { valueAt } from "./schema.ts";
import type { Breach } from "./values.ts";

/** What the kernel of settings needs to know about a layer. */
export interface LayerSettings {
  readonly name: string;
  readonly needs: readonly string[];
  readonly settings: z.ZodType;
  /**
   * What the layer requires of the settings of other layers. It gets the settings of the deployed layers by name, as given:
   * defaults are missing. The paths of the breaches begin with the name of a layer. Default: it requires nothing.
   */
  readonly requires?: (given: unknown) => readonly Breach[];
}

const words = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];

/** The layers that the stack deploys, in the order of the platform. */
export function deployedLayers<L extends Pick<LayerSettings, "name">>(given: unknown, layers: readonly L[]): L[] {
  const named = words(valueAt(given, ["layers"]));
  return layers.filter(({ name }) => named.includes(name));
}

import { foundation } from "./foundation/layer.ts";
import { iam } from "./iam/layer.ts";
import type { Layer } from "./layer.ts";

/** Every layer of the platform, in order of deployment: a layer comes after those that it needs. */
export const layers: readonly Layer[] = [foundation, iam];

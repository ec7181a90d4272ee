import { pulumiSource } from "./stacks/settings/pulumi-source.ts";
import { deployPlatform } from "./stacks/platform.ts";

export const { foundation } = deployPlatform(pulumiSource());

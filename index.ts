import { openSession } from "./components/vault/deployer-login.ts";
import { deployPlatform } from "./stacks/platform.ts";
import { pulumiSource } from "./stacks/settings/pulumi-source.ts";

export const { foundation, iam, relations } = await deployPlatform(pulumiSource(), openSession);

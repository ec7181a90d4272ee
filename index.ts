import { openSession } from "./components/vault/deployer-login.ts";
import { layers } from "./stacks/layers.ts";
import { deployPlatform } from "./stacks/platform.ts";
import { pulumiSource } from "./stacks/settings/pulumi-source.ts";

export default await deployPlatform(pulumiSource(), openSession, layers);

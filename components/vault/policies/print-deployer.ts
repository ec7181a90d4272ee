import { deployerPolicy } from "./deployer.ts";

process.stdout.write(deployerPolicy);

import { image } from "../images/build.ts";
import { refuseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { installDebianPackages } from "./debian-packages.ts";

export const command: Command = {
  name: "image",
  summary: "build the image of services/identity, and print the path of its OCI archive",
  usage: "",
  run: async (args) => {
    refuseArguments(args);
    await installDebianPackages();
    process.stdout.write(`${(await image("identity")).archive}\n`);
    return 0;
  },
};

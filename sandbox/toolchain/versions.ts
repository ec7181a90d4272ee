/** Version of the engine and of its Node language host. It must be the version of @pulumi/pulumi in package.json. */
export const engineVersion = "3.259.0";

/** Version of each resource plugin. It must be the version of its npm package in package.json. */
export const pluginVersions = {
  command: "1.2.1",
  kubernetes: "4.32.0",
  random: "4.21.2",
  vault: "7.8.0",
} as const;

export type PluginName = keyof typeof pluginVersions;

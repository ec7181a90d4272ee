import { cacheFolder } from "../../builds/folders.ts";

/** Fully qualified name of the sandbox's stack. */
export const stackName = "organization/bibind/sandbox";

/**
 * The folder with the stack's state, settings and passphrase. It is also a project folder without a program, in which
 * stack commands run.
 */
export function stackFolder(...parts: readonly string[]): string {
  return cacheFolder("stack", ...parts);
}

/** The copy of Pulumi.sandbox.yaml with the host key and the encrypted secret of this machine. */
export const settingsFile = (): string => stackFolder("Pulumi.sandbox.yaml");

/** The engine's state file. It does not exist before the stack is created. */
export const stateFile = (): string => stackFolder(".pulumi", "stacks", "bibind", "sandbox.json");

/**
 * The URL of a backend that stores its states in a folder.
 *
 * `metadata=skip` (of gocloud.dev's fileblob) disables sidecar files. The backend truncates a sidecar file before it
 * renames the state file. A kill between these two steps would leave a stack that no command can read.
 */
export const backendUrl = (folder: string): string => `file://${folder}?metadata=skip`;

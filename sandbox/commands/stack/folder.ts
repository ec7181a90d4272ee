import { cacheFolder } from "../../builds/folders.ts";

/** Fully qualified name of the sandbox's stack. */
export const stackName = "organization/bibind/sandbox";

/** Where the stack's state, settings and passphrase are; also a project folder in which only stack commands run. */
export function stackFolder(...parts: readonly string[]): string {
  return cacheFolder("stack", ...parts);
}

/** The copy of Pulumi.sandbox.yaml with this machine's facts and secrets. */
export const settingsFile = (): string => stackFolder("Pulumi.sandbox.yaml");

/** The engine's state file; not there before the stack is made. */
export const stateFile = (): string => stackFolder(".pulumi", "stacks", "bibind", "sandbox.json");

/**
 * Address of a backend that keeps its states in a folder.
 *
 * It writes no sidecar files (`metadata=skip` of gocloud.dev's fileblob): the backend truncates them in place before it
 * renames the state, so that a kill between the two leaves a stack which no command can read.
 */
export const backendUrl = (folder: string): string => `file://${folder}?metadata=skip`;

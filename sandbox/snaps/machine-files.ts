import { join } from "node:path";
import type { InstalledFile } from "../machine/spec.ts";

/** The machine's `snap` command, and the files that add the commands of snaps to the PATH of every user. */
export function machineFiles(): InstalledFile[] {
  const file = (name: string): string => join(import.meta.dirname, name);
  return [
    { source: file("snap"), target: "/usr/bin/snap" },
    { source: file("snapd"), target: "/usr/lib/bibind-snap/snapd" },
    { source: file("path/sudoers"), target: "/etc/sudoers.d/snap" },
    { source: file("path/profile.sh"), target: "/etc/profile.d/apps-bin-path.sh" },
    { source: file("path/environment"), target: "/etc/environment" },
  ];
}

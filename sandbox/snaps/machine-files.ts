import { join } from "node:path";
import type { InstalledFile } from "../machine/spec.ts";

/** The machine's `snap` command, and what lets every user find the commands of snaps. */
export function machineFiles(): InstalledFile[] {
  const ours = (name: string): string => join(import.meta.dirname, name);
  return [
    { outside: ours("snap"), inside: "/usr/bin/snap" },
    { outside: ours("snapd"), inside: "/usr/lib/bibind-snap/snapd" },
    { outside: ours("path/sudoers"), inside: "/etc/sudoers.d/snap" },
    { outside: ours("path/profile.sh"), inside: "/etc/profile.d/apps-bin-path.sh" },
    { outside: ours("path/environment"), inside: "/etc/environment" },
  ];
}

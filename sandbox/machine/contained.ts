/**
 * A command line that runs a command in its own process and mount namespaces. When this process ends, even by SIGKILL,
 * the kernel kills the command and its child processes, and removes its mounts. So its unfinished files can be deleted
 * safely. Requires root.
 */
export function contained(command: string, ...args: readonly string[]): [file: string, args: string[]] {
  const namespaces = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  return ["setpriv", ["--pdeathsig", "KILL", "unshare", ...namespaces, command, ...args]];
}

/**
 * The command line that runs a command so that it ends, with everything it started and mounted, when this process ends,
 * even by SIGKILL: what it left unfinished can then be removed safely. Takes root.
 */
export function contained(command: string, ...args: readonly string[]): [file: string, args: string[]] {
  const namespaces = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  return ["setpriv", ["--pdeathsig", "KILL", "unshare", ...namespaces, command, ...args]];
}

import { readFileSync } from "node:fs";

/** A word of the POSIX shell whose value is exactly this text. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A word that every login shell reads as exactly this line. Unlike the POSIX shell, fish gives a meaning to a backslash
 * between quotes, and csh to an exclamation mark. Therefore both stand outside of the quotes.
 */
function portableWord(line: string): string {
  return `'${line.replaceAll(/['\\!]/g, (character) => `'\\${character}'`)}'`;
}

/** Runs its arguments as the lines of a script for `sh`. */
const joinLines = 'sh -c "$(printf "%s\\n" "$@")"';

/**
 * A command line that runs a script under `sh`, whatever the login shell is that reads it: sh, bash, zsh, ksh, csh, tcsh or
 * fish. Each line of the script is a word of its own, because csh allows no line break in a word.
 *
 * @param launcher - one line for `sh` that runs `joinLines`
 */
function throughLoginShell(launcher: string, script: string): string {
  const words = [launcher, "bibind", ...script.split("\n")].map(portableWord);
  return `exec sh -c ${words.join(" \\\n")}`;
}

/**
 * The text that the SSH server gives to the user's login shell, to run a script as root.
 *
 * A user other than root needs `sudo`. The SSH connection is an argument, because `sudo` removes it from the environment.
 */
export function asRoot(script: string, user: string): string {
  const run = `${joinLines} bibind "\${SSH_CONNECTION:-}"`;
  if (user === "root") {
    return throughLoginShell(`exec ${run}`, script);
  }
  const refusal = shellQuote(`bibind: ${user} cannot use sudo without a password | allow it in /etc/sudoers.d/${user}`);
  const checked = `sudo -n true 2>/dev/null || { echo ${refusal} >&2; exit 1; }`;
  return throughLoginShell(`${checked}; exec sudo -n ${run}`, script);
}

/**
 * The report of a step in the output of its command: what follows the mark that the prelude prints. A login shell can print
 * something before it.
 *
 * @returns undefined when the step did not run to its end
 */
export function reportIn(output: string): string | undefined {
  return /(?:^|\n)bibind: report(?:\n|$)([^]*)$/.exec(output)?.[1]?.trimEnd();
}

const variableName = /^[a-z][a-z0-9_]*$/;

/** One assignment for each parameter. Values get into a script in no other way. */
export function assignments(parameters: Readonly<Record<string, string | number>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => {
      if (!variableName.test(name) || name.startsWith("bibind_")) {
        throw new Error(`"${name}" cannot be a parameter of a script: use lower-case letters, digits and underscores`);
      }
      return `${name}=${shellQuote(String(value))}\n`;
    })
    .join("");
}

/** A text for the POSIX shell that defines `check` and `apply`, and optionally `remove` and `report`. */
export interface StepScript {
  /** File of the text. */
  readonly file: string;
  readonly text: string;
  /** Whether it defines `remove`. */
  readonly removes: boolean;
}

function defines(text: string, name: string): boolean {
  return new RegExp(`^${name}\\(\\) \\{$`, "m").test(text);
}

/**
 * Reads a step's script.
 *
 * @param folder - `import.meta.dirname` of the component
 * @param name - file in its folder `scripts`
 * @throws Error when the script lacks `check` or `apply`
 */
export function stepScript(folder: string, name: string): StepScript {
  const file = `${folder}/scripts/${name}`;
  const text = readFileSync(file, "utf8");
  for (const required of ["check", "apply"]) {
    if (!defines(text, required)) {
      throw new Error(`${file} has no ${required}()`);
    }
  }
  return { file, text, removes: defines(text, "remove") };
}

/** The common part of every script: `fail`, `note`, the lock, and the order of `check` and `apply`. */
export const prelude = readFileSync(`${import.meta.dirname}/scripts/prelude.sh`, "utf8");

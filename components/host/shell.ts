import { readFileSync } from "node:fs";

/** A word of the POSIX shell whose value is exactly this text. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
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

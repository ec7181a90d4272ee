import { readFileSync } from "node:fs";

/** A POSIX shell word that stands for exactly this text. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

const variableName = /^[a-z][a-z0-9_]*$/;

/** One assignment per parameter, by name; the only way a value gets into a script. */
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

/** A POSIX shell text that defines `check` and `apply`, and may define `remove` and `report`. */
export interface StepScript {
  /** File that the text came from. */
  readonly file: string;
  readonly text: string;
  /** Whether it can take back what it applied. */
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

/** What every script runs on: `fail`, `note`, the lock, the order of check and apply. */
export const prelude = readFileSync(`${import.meta.dirname}/scripts/prelude.sh`, "utf8");

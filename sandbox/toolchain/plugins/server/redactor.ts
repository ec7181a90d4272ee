/** Shorter strings would hide ordinary words. */
const shortestSecret = 6;
/** A single line of a longer secret is hidden from this length on. */
const shortestLine = 20;

/** Takes the secrets that went through a plugin out of what it tells. */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** Remembers secrets: whole, line by line, and as they look inside a JSON text. */
  add(secrets: readonly string[]): void {
    for (const secret of secrets) {
      this.#remember(secret, shortestSecret);
      this.#remember(secret.trim(), shortestSecret);
      this.#remember(JSON.stringify(secret).slice(1, -1), shortestSecret);
      for (const line of secret.split("\n")) {
        this.#remember(line.trim(), shortestLine);
      }
    }
  }

  /** The text, with `[secret]` in the place of each secret. */
  redact(text: string): string {
    const longestFirst = [...this.#secrets].sort((left, right) => right.length - left.length);
    return longestFirst.reduce((redacted, secret) => redacted.replaceAll(secret, "[secret]"), text);
  }

  #remember(secret: string, shortest: number): void {
    if (secret.length >= shortest) {
      this.#secrets.add(secret);
    }
  }
}

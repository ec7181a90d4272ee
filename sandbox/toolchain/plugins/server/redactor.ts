/** A shorter secret is not redacted, because that would hide ordinary words. */
const shortestSecret = 6;
/** A line of a secret is also redacted alone when it has at least this length. */
const shortestLine = 20;

/** Removes the secrets of a plugin's requests from its messages and errors. */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** Adds secrets as a whole, line by line, and in their JSON notation. */
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

  /** The text with `[secret]` in place of each secret. */
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

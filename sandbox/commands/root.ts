import { OperatorError } from "../../components/errors/operator-error.ts";

/** Refuses to go on for any user but root. */
export function requireRoot(uid = process.getuid?.()): void {
  if (uid !== 0) {
    throw new OperatorError({
      what: "the sandbox's machine belongs to root",
      where: `user id ${uid ?? "unknown"}`,
      remedy: "run the same command as root (sudo make …)",
    });
  }
}

import { OperatorError } from "../../components/errors/operator-error.ts";

/** Requires that the process runs as root. @throws OperatorError for any other user */
export function requireRoot(uid = process.getuid?.()): void {
  if (uid !== 0) {
    throw new OperatorError({
      what: "only root can start, stop and delete the sandbox's machine",
      where: `user id ${uid ?? "unknown"}`,
      remedy: "run the same command as root (sudo make …)",
    });
  }
}

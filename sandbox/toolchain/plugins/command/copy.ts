import { stat, readdir } from "node:fs/promises";
import { basename, join, posix } from "node:path";
import { promisify } from "node:util";
import type { Client, SFTPWrapper } from "ssh2";
import { OperatorError } from "../../../../components/errors/operator-error.ts";
import type { ResourceContext } from "../server/plugin.ts";
import { withConnection } from "./connection.ts";
import type { CopyInputs } from "./inputs.ts";

type CopyContext = Pick<ResourceContext, "log" | "cancelled" | "name">;

/**
 * Copies a file, a text or a folder to a host, over SFTP.
 *
 * As in the vendor's plugin: a file goes to `remotePath`, or into it when that is a folder; a folder goes into
 * `remotePath` under its own name, or without its name when its path ends in a slash; a text needs the path of a file.
 */
export async function copyToRemote(context: CopyContext, inputs: CopyInputs): Promise<void> {
  const { source, remotePath, connection } = inputs;
  await withConnection(context, connection, async (client) => {
    const files = new RemoteFiles(await openSftp(client), context.cancelled);
    try {
      if (source.content.path !== undefined) {
        await files.copyPath(source.content.path, remotePath);
      } else if (source.content.text !== undefined) {
        await files.writeText(source.content.text, remotePath);
      }
    } catch (cause) {
      context.cancelled.throwIfAborted();
      if (cause instanceof OperatorError) {
        throw cause;
      }
      const what = `copying to ${remotePath} failed: ${cause instanceof Error ? cause.message : String(cause)}`;
      const remedy = "check that the folder above remotePath is there and may be written by the connection's user";
      throw new OperatorError({ what, where: `${context.name} on ${connection.host}`, remedy }, { cause });
    }
  });
}

async function openSftp(client: Client): Promise<SFTPWrapper> {
  return promisify(client.sftp.bind(client))();
}

class RemoteFiles {
  readonly #sftp: SFTPWrapper;
  readonly #cancelled: AbortSignal;

  constructor(sftp: SFTPWrapper, cancelled: AbortSignal) {
    this.#sftp = sftp;
    this.#cancelled = cancelled;
  }

  async writeText(text: string, remotePath: string): Promise<void> {
    if ((await this.#kindOf(remotePath)) === "folder") {
      throw isFolder(remotePath, "give the path of a file");
    }
    await new Promise<void>((resolve, reject) => {
      this.#sftp.writeFile(remotePath, text, (error) => settle(error, resolve, reject));
    });
  }

  async copyPath(source: string, remotePath: string): Promise<void> {
    if ((await stat(source)).isDirectory()) {
      await this.#makeFolder(remotePath);
      const target = source.endsWith("/") ? remotePath : posix.join(remotePath, basename(source));
      await this.#copyFolder(source, target);
    } else {
      const isIntoFolder = (await this.#kindOf(remotePath)) === "folder";
      await this.#copyFile(source, isIntoFolder ? posix.join(remotePath, basename(source)) : remotePath);
    }
  }

  async #copyFolder(source: string, target: string): Promise<void> {
    await this.#makeFolder(target);
    for (const entry of await readdir(source, { withFileTypes: true })) {
      const [from, to] = [join(source, entry.name), posix.join(target, entry.name)];
      await (entry.isDirectory() ? this.#copyFolder(from, to) : this.#copyFile(from, to));
    }
  }

  async #copyFile(source: string, target: string): Promise<void> {
    this.#cancelled.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      this.#sftp.fastPut(source, target, (error) => settle(error, resolve, reject));
    });
  }

  async #makeFolder(path: string): Promise<void> {
    const kind = await this.#kindOf(path);
    if (kind === "file") {
      throw isFolder(path, "remove the file, or copy to another path", "is a file, but must be a folder");
    }
    if (kind === undefined) {
      await new Promise<void>((resolve, reject) => {
        this.#sftp.mkdir(path, (error) => settle(error, resolve, reject));
      });
    }
  }

  #kindOf(path: string): Promise<"file" | "folder" | undefined> {
    return new Promise((resolve) => {
      this.#sftp.stat(path, (error, stats) =>
        resolve(error !== undefined ? undefined : stats.isDirectory() ? "folder" : "file"),
      );
    });
  }
}

function isFolder(path: string, remedy: string, what = "is a folder"): OperatorError {
  return new OperatorError({ what: `the remote path ${path} ${what}`, where: "remotePath", remedy });
}

function settle(error: Error | null | undefined, resolve: () => void, reject: (reason: Error) => void): void {
  if (error === null || error === undefined) {
    resolve();
  } else {
    reject(error);
  }
}

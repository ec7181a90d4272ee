import assert from "node:assert/strict";
import type { Server } from "node:http";
import { serveHealth } from "../../../../services/identity/health.ts";
import { freePort } from "../../../support/free-port.ts";

describe("the health endpoints", () => {
  let server: Server;
  let url: string;
  let isReady = false;

  before(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    server = await serveHealth(port, () => isReady);
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const status = async (path: string): Promise<number> => (await fetch(`${url}${path}`)).status;

  it("say that the process is alive before it is ready", async () => {
    isReady = false;
    assert.deepEqual([await status("/health/alive"), await status("/health/ready")], [200, 503]);
  });

  it("say that the process is ready", async () => {
    isReady = true;
    assert.equal(await status("/health/ready"), 200);
  });

  it("are the only ones", async () => {
    assert.equal(await status("/"), 404);
  });
});

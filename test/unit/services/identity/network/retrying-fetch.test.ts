import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { retryingFetch } from "../../../../../services/identity/network/retrying-fetch.ts";

const options = { milliseconds: 300, pauseMilliseconds: 5 };
const fetch = retryingFetch(options);

/** What the server does with a request: it sends a status, it closes the connection, or it does not answer. */
type Reply = number | "lost" | "silent";

function portOf(server: Server): number {
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}

describe("a retrying fetch", () => {
  let server: Server;
  let url: string;
  let replies: Reply[];
  let requests: number;

  before(async () => {
    server = createServer((request, response) => {
      requests += 1;
      const reply = replies.length > 1 ? replies.shift() : replies[0];
      if (reply === "lost" || reply === undefined) {
        request.socket.destroy();
      } else if (reply !== "silent") {
        response.writeHead(reply).end();
      }
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${portOf(server)}/`;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(() => {
    requests = 0;
  });

  it("retries while the server is away or unavailable", async () => {
    replies = ["lost", 503, 429, 200];
    assert.equal((await fetch(url)).status, 200);
    assert.equal(requests, 4);
  });

  it("returns any other response at once", async () => {
    replies = [404];
    assert.equal((await fetch(url)).status, 404);
    assert.equal(requests, 1);
  });

  it("does not send a POST twice that the server may have received", async () => {
    replies = ["lost", 200];
    await assert.rejects(fetch(url, { method: "POST", body: "{}" }), { name: "OperatorError" });
    assert.equal(requests, 1);
    replies = [503, 200];
    assert.equal((await fetch(url, { method: "POST", body: "{}" })).status, 200);
  });

  it("gives up an attempt after its timeout, and retries what is no POST", async () => {
    const short = retryingFetch({ ...options, timeoutMilliseconds: 50 });
    replies = ["silent", 200];
    assert.equal((await short(url)).status, 200);
    replies = ["silent", 200];
    await assert.rejects(short(url, { method: "POST", body: "{}" }), /does not answer \(TimeoutError\)/);
  });

  it("returns the last response of a server that stays unavailable", async () => {
    replies = [503];
    assert.equal((await fetch(url)).status, 503);
    assert.ok(requests > 2, `only ${requests} requests`);
  });

  it("names the server that does not answer, and the error code", async () => {
    const nobody = createServer().listen(0, "127.0.0.1");
    await once(nobody, "listening");
    const port = portOf(nobody);
    nobody.close();
    await once(nobody, "close");
    await assert.rejects(fetch(`http://127.0.0.1:${port}/secret-path`), (error: Error) => {
      assert.equal(error.name, "OperatorError");
      assert.match(error.message, new RegExp(`http://127.0.0.1:${port} does not answer \\(ECONNREFUSED\\)`));
      assert.doesNotMatch(error.message, /secret-path/);
      return true;
    });
  });
});

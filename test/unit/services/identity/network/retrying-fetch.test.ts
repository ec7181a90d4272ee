import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { mock } from "node:test";
import { retryingFetch } from "../../../../../services/identity/network/retrying-fetch.ts";
import { TestClock } from "../../../../support/test-clock.ts";

/** Longer than a test may take. The pause is short. */
const options = { milliseconds: 60_000, pauseMilliseconds: 1 };
const fetch = retryingFetch(options);

/** What the server does with a request: it sends a status, it closes the connection, it does not answer, or it is a standby. */
type Reply = number | "lost" | "silent" | "notActive";

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
  let whenAsked: () => void;
  let whenSilent: () => void;

  before(async () => {
    server = createServer((request, response) => {
      requests += 1;
      whenAsked();
      const reply = replies.length > 1 ? replies.shift() : replies[0];
      if (reply === "lost" || reply === undefined) {
        request.socket.destroy();
      } else if (reply === "silent") {
        whenSilent();
      } else if (reply === "notActive") {
        response.writeHead(500).end('{"errors":["local node not active but active cluster node not found"]}');
      } else {
        response.writeHead(reply, { location: "/elsewhere" }).end();
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
    whenAsked = () => undefined;
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

  it("retries while a Vault has no active server", async () => {
    replies = [307, "notActive", 200];
    assert.equal((await fetch(url, { redirect: "manual" })).status, 200);
    assert.equal(requests, 3);
    replies = [500, 200];
    assert.equal((await fetch(url)).status, 500);
  });

  it("does not send a POST twice that the server may have received", async () => {
    replies = ["lost", 200];
    await assert.rejects(fetch(url, { method: "POST", body: "{}" }), { name: "OperatorError" });
    assert.equal(requests, 1);
    replies = [503, 200];
    assert.equal((await fetch(url, { method: "POST", body: "{}" })).status, 200);
  });

  describe("with a timeout", () => {
    /** The timeouts of the attempts, in milliseconds. */
    let timeouts: number[];

    // The timeout of an attempt ends when the server has received a request that it does not answer.
    beforeEach(() => {
      timeouts = [];
      mock.method(AbortSignal, "timeout", (milliseconds: number) => {
        timeouts.push(milliseconds);
        const timeout = new AbortController();
        whenSilent = () => timeout.abort(new DOMException("the time is over", "TimeoutError"));
        return timeout.signal;
      });
    });
    afterEach(() => mock.restoreAll());

    it("gives up an attempt after 15 seconds, and retries what is no POST", async () => {
      replies = ["silent", 200];
      assert.equal((await fetch(url)).status, 200);
      assert.deepEqual(timeouts, [15_000, 15_000]);
      replies = ["silent", 200];
      await assert.rejects(fetch(url, { method: "POST", body: "{}" }), /does not answer \(TimeoutError\)/);
    });

    it("gives up after the time that the caller chose", async () => {
      replies = [200];
      await retryingFetch({ ...options, timeoutMilliseconds: 50 })(url);
      assert.deepEqual(timeouts, [50]);
    });
  });

  it("returns the last response of a server that stays unavailable until the time is over", async () => {
    const clock = new TestClock();
    replies = [503];
    whenAsked = () => clock.pass(100);
    const short = retryingFetch({ milliseconds: 300, pauseMilliseconds: 1 });
    const response = await short(url).finally(() => clock.stop());
    assert.equal(response.status, 503);
    assert.equal(requests, 3);
  });

  it("names the server that does not answer, and the error code", async () => {
    const nobody = createServer().listen(0, "127.0.0.1");
    await once(nobody, "listening");
    const port = portOf(nobody);
    nobody.close();
    await once(nobody, "close");
    const short = retryingFetch({ milliseconds: 50, pauseMilliseconds: 1 });
    await assert.rejects(short(`http://127.0.0.1:${port}/secret-path`), (error: Error) => {
      assert.equal(error.name, "OperatorError");
      assert.match(error.message, new RegExp(`http://127.0.0.1:${port} does not answer \\(ECONNREFUSED\\)`));
      assert.doesNotMatch(error.message, /secret-path/);
      return true;
    });
  });
});

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { patientFetch } from "../../../../../services/identity/network/patient-fetch.ts";

const patience = { milliseconds: 300, pauseMilliseconds: 5 };
const fetch = patientFetch(patience);

/** What the server does with a request: a status, nothing but a lost connection, or nothing at all. */
type Reply = number | "lost" | "silent";

function portOf(server: Server): number {
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}

describe("a patient fetch", () => {
  let server: Server;
  let url: string;
  let replies: Reply[];
  let asked: number;

  before(async () => {
    server = createServer((request, response) => {
      asked += 1;
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
    asked = 0;
  });

  it("asks again while the server is away or says not now", async () => {
    replies = ["lost", 503, 429, 200];
    assert.equal((await fetch(url)).status, 200);
    assert.equal(asked, 4);
  });

  it("returns any other answer at once", async () => {
    replies = [404];
    assert.equal((await fetch(url)).status, 404);
    assert.equal(asked, 1);
  });

  it("does not send twice what must be done once and may have arrived", async () => {
    replies = ["lost", 200];
    await assert.rejects(fetch(url, { method: "POST", body: "{}" }), { name: "OperatorError" });
    assert.equal(asked, 1);
    replies = [503, 200];
    assert.equal((await fetch(url, { method: "POST", body: "{}" })).status, 200);
  });

  it("waits for an answer as long as it was told to, and then asks again what may be asked twice", async () => {
    const short = patientFetch({ ...patience, silenceMilliseconds: 50 });
    replies = ["silent", 200];
    assert.equal((await short(url)).status, 200);
    replies = ["silent", 200];
    await assert.rejects(short(url, { method: "POST", body: "{}" }), /does not answer \(TimeoutError\)/);
  });

  it("gives the server's last word when it says not now for too long", async () => {
    replies = [503];
    assert.equal((await fetch(url)).status, 503);
    assert.ok(asked > 2, `asked only ${asked} times`);
  });

  it("says who does not answer, and how", async () => {
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

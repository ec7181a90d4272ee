import assert from "node:assert/strict";
import { parseEncryption, parseFacts } from "../../../../components/host/facts.ts";

const report = "os=ubuntu 24.04\ncpus=16\nmemoryGiB=64\ndiskGiB=900\nvirtualisation=svm\nclock=plausible";

describe("parseFacts", () => {
  it("reads the report of the preflight", () => {
    assert.deepEqual(parseFacts(report), {
      os: "ubuntu 24.04",
      cpus: 16,
      memoryGiB: 64,
      diskGiB: 900,
      virtualisation: "svm",
      clock: "plausible",
    });
  });

  for (const broken of [
    report.replace("cpus=16", "cpus=many"),
    report.replace(/clock.*/, ""),
    `${report}\nmore=1`,
    "",
  ]) {
    it(`refuses a report that ends with ${JSON.stringify(broken.slice(-30))}`, () => {
      assert.throws(() => parseFacts(broken), { name: "ZodError" });
    });
  }
});

describe("parseEncryption", () => {
  it("reads yes and no, and refuses anything else", () => {
    assert.equal(parseEncryption("yes"), true);
    assert.equal(parseEncryption("no"), false);
    assert.throws(() => parseEncryption(""), { name: "ZodError" });
  });
});

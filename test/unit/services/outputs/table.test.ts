import assert from "node:assert/strict";
import { outputsTable } from "../../../../services/outputs/table.ts";

describe("the table of a stack's outputs", () => {
  it("has a row for each output of each layer, and shows no secret", () => {
    const outputs = {
      foundation: {
        domain: "bibind.test",
        kubeconfig: "[secret]",
        caCertificate: "-----BEGIN\nabc\n-----END\n",
        chartRepository: "",
        software: { OpenBao: "2.6.2" },
        contractVersion: 4,
      },
      relations: [{ consumer: "a" }, { consumer: "b" }],
      protectedLayers: ["foundation", "iam"],
    };
    assert.deepEqual(outputsTable(outputs).split("\n"), [
      "output                        value",
      "foundation.domain             bibind.test",
      "foundation.kubeconfig         [secret]",
      "foundation.caCertificate      a text of 3 lines",
      "foundation.chartRepository    none",
      "foundation.software.OpenBao   2.6.2",
      "foundation.contractVersion    4",
      "relations                     a list of 2",
      "protectedLayers               foundation, iam",
      "",
    ]);
  });

  it("shows an empty list as none", () => {
    assert.equal(outputsTable({ layers: [] }), "output   value\nlayers   none\n");
  });
});

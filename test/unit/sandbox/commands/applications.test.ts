import assert from "node:assert/strict";
import { applicationsTable, nextSteps } from "../../../../sandbox/commands/applications.ts";
import type { StackOutputs } from "../../../../sandbox/commands/stack/outputs.ts";

const signIn = { name: "iam/identity", host: "login", who: "everybody", health: "/" };

function outputs({
  applications = [signIn],
  caCertificate = "PEM",
}: Partial<StackOutputs> & { caCertificate?: string }) {
  return { foundation: { domain: "example.org", caCertificate }, applications };
}

describe("the applications of the platform", () => {
  it("are shown with their URL, who may sign in and their health", () => {
    const text = applicationsTable([["iam/vault", "https://vault.example.org", "people with a role", "healthy"]]);
    assert.match(text, /^application +URL +who may sign in +health$/m);
    assert.match(text, /^iam\/vault +https:\/\/vault\.example\.org +people with a role +healthy$/m);
  });
});

describe("the next steps after an up", () => {
  it("name the URLs of this platform, whatever its domain and its host names", () => {
    const text = nextSteps(outputs({}), "machine");
    assert.match(text, /https:\/\/login\.example\.org\/registration +register an account/);
    assert.match(text, /http:\/\/mail\.example\.org:8025\/view\/latest\.txt/);
    assert.doesNotMatch(text, /bibind\.test/);
  });

  it("leave out what this platform does not have: a sign-in, an internal CA, a machine", () => {
    assert.doesNotMatch(nextSteps(outputs({ applications: [] }), "machine"), /registration/);
    assert.doesNotMatch(nextSteps(outputs({ caCertificate: "" }), "machine"), /make ca/);
    assert.doesNotMatch(nextSteps(outputs({}), "existing"), /make ssh|mail\./);
  });
});

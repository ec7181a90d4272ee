import assert from "node:assert/strict";
import { claimsFor, groupsOf } from "../../../../../services/identity/pages/claims.ts";
import { personOf } from "../../../../../services/identity/pages/person.ts";

const groups = { operator: ["Ada@bibind.test"], auditor: ["bob@bibind.test"], developer: ["ada@bibind.test"] };

function person(verified: boolean, traits: object = {}) {
  return personOf({
    id: "1",
    schema_id: "default",
    schema_url: "",
    traits: { email: "ada@Bibind.test", name: { first: "Ada", last: "Lovelace" }, language: "fr", ...traits },
    verifiable_addresses: [{ value: "ada@bibind.test", verified, via: "email", status: "completed" }],
  });
}

const everything = ["openid", "email", "profile", "groups"];

describe("the claims of a person", () => {
  it("are those of the granted scopes", () => {
    assert.deepEqual(claimsFor(person(true), everything, groups), {
      email: "ada@Bibind.test",
      email_verified: true,
      name: "Ada Lovelace",
      locale: "fr",
      groups: ["operator", "developer"],
    });
    assert.deepEqual(claimsFor(person(true), ["openid", "email"], groups), {
      email: "ada@Bibind.test",
      email_verified: true,
    });
    assert.deepEqual(claimsFor(person(true), ["openid"], groups), {});
  });

  it("contain no group of an address that is not verified", () => {
    assert.deepEqual(groupsOf(person(false), groups), []);
    assert.deepEqual(claimsFor(person(false), ["email", "groups"], groups), {
      email: "ada@Bibind.test",
      email_verified: false,
      groups: [],
    });
  });

  it("contain no group of a phone number, whatever it looks like", () => {
    const identity = { id: "1", schema_id: "", schema_url: "", traits: { email: "ada@bibind.test" } };
    const address = { value: "ada@bibind.test", verified: true, via: "sms", status: "completed" } as const;
    assert.deepEqual(groupsOf(personOf({ ...identity, verifiable_addresses: [address] }), groups), []);
  });

  it("contain no name of a person without one", () => {
    assert.equal(claimsFor(person(true, { name: { first: "", last: "" } }), everything, groups).name, undefined);
  });
});

import assert from "node:assert/strict";
import {
  claimsFor,
  grantedRoles,
  withheldRoles,
  type RoleRules,
} from "../../../../../services/identity/pages/claims.ts";
import { personOf } from "../../../../../services/identity/pages/person.ts";

const rules: RoleRules = {
  groups: { operator: ["Ada@bibind.test"], auditor: ["bob@bibind.test"], developer: ["ada@bibind.test"] },
  secondFactor: ["operator", "auditor"],
};

function person(verified: boolean, traits: object = {}) {
  return personOf({
    id: "1",
    schema_id: "default",
    schema_url: "",
    traits: { email: "ada@Bibind.test", name: { first: "Ada", last: "Lovelace" }, language: "fr", ...traits },
    verifiable_addresses: [{ value: "ada@bibind.test", verified, via: "email", status: "completed" }],
  });
}

const signedIn = (verified: boolean, traits: object = {}, hasSecondFactor = true) => ({
  person: person(verified, traits),
  hasSecondFactor,
});

const everything = ["openid", "email", "profile", "groups"];

describe("the claims of a person", () => {
  it("are those of the granted scopes", () => {
    assert.deepEqual(claimsFor(signedIn(true), everything, rules), {
      email: "ada@Bibind.test",
      email_verified: true,
      name: "Ada Lovelace",
      locale: "fr",
      groups: ["operator", "developer"],
    });
    assert.deepEqual(claimsFor(signedIn(true), ["openid", "email"], rules), {
      email: "ada@Bibind.test",
      email_verified: true,
    });
    assert.deepEqual(claimsFor(signedIn(true), ["openid"], rules), {});
  });

  it("contain no group of an address that is not verified", () => {
    assert.deepEqual(grantedRoles(signedIn(false), rules), []);
    assert.deepEqual(claimsFor(signedIn(false), ["email", "groups"], rules), {
      email: "ada@Bibind.test",
      email_verified: false,
      groups: [],
    });
  });

  it("contain no group of a phone number, whatever it looks like", () => {
    const identity = { id: "1", schema_id: "", schema_url: "", traits: { email: "ada@bibind.test" } };
    const address = { value: "ada@bibind.test", verified: true, via: "sms", status: "completed" } as const;
    const withPhone = personOf({ ...identity, verifiable_addresses: [address] });
    assert.deepEqual(grantedRoles({ person: withPhone, hasSecondFactor: true }, rules), []);
  });

  it("contain no name of a person without one", () => {
    assert.equal(claimsFor(signedIn(true, { name: { first: "", last: "" } }), everything, rules).name, undefined);
  });

  it("contain no role that needs a second factor after a sign-in without it", () => {
    const withPasswordOnly = signedIn(true, {}, false);
    assert.deepEqual(grantedRoles(withPasswordOnly, rules), ["developer"]);
    assert.deepEqual(withheldRoles(withPasswordOnly, rules), ["operator"]);
    assert.deepEqual(claimsFor(withPasswordOnly, ["groups"], rules), { groups: ["developer"] });
    assert.deepEqual(withheldRoles(signedIn(true), rules), []);
  });

  it("contain every role after a sign-in without a second factor when none needs it", () => {
    assert.deepEqual(grantedRoles(signedIn(true, {}, false), { ...rules, secondFactor: [] }), [
      "operator",
      "developer",
    ]);
  });
});

import assert from "node:assert/strict";
import { cookiesAfter } from "../../../../../services/identity/pages/recovery.ts";

describe("the cookies after an answer", () => {
  it("are those of the browser and those that the answer sets, without attributes", () => {
    assert.equal(cookiesAfter("a=1; b=2", ["c=3; Path=/; Secure"]), "a=1; b=2; c=3");
  });

  it("have the new value of a cookie that the answer sets again", () => {
    assert.equal(cookiesAfter("a=1; csrf=old", ["csrf=new; HttpOnly"]), "a=1; csrf=new");
  });

  it("keep a value that contains an equals sign", () => {
    assert.equal(cookiesAfter("a=x==", ["b=y==; Path=/"]), "a=x==; b=y==");
  });

  it("are those that the answer sets when the browser has none", () => {
    assert.equal(cookiesAfter(undefined, ["a=1"]), "a=1");
    assert.equal(cookiesAfter("", ["a=1"]), "a=1");
  });
});

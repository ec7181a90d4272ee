import assert from "node:assert/strict";
import {
  cookiesAfter,
  kratosCookies,
  sessionDigest,
  setsSession,
} from "../../../../../services/identity/pages/cookies.ts";

describe("kratosCookies", () => {
  it("are the cookies of the browser, without those of the pages", () => {
    const header = "ory_kratos_session=MTY=; __Host-bibind-form=x; csrf_token_82=a/b+c==";
    assert.equal(kratosCookies(header), "ory_kratos_session=MTY=; csrf_token_82=a/b+c==");
  });

  it("are none without cookies", () => {
    assert.equal(kratosCookies(undefined), undefined);
    assert.equal(kratosCookies("__Host-bibind-form=x"), undefined);
  });

  for (const header of [
    "ory_kratos_session=first; ory_kratos_session=second",
    "ory_kratos_session =second; ory_kratos_session=first",
    'ory_kratos_session="second"; ory_kratos_session=first',
    "ory_kratos_session=sec,ond; ory_kratos_session=first",
    "=ory_kratos_session=second;ory_kratos_session=first",
  ]) {
    it(`show one session only of ${header}`, () => {
      assert.equal(kratosCookies(header), "ory_kratos_session=first");
      assert.equal(sessionDigest(header), sessionDigest("ory_kratos_session=first"));
    });
  }
});

describe("sessionDigest", () => {
  it("differs between sessions, does not contain them, and is undefined without one", () => {
    const [one, other] = ["ory_kratos_session=one", "a=b; ory_kratos_session=other"].map(sessionDigest);
    assert.match(one ?? "", /^[\w-]{43}$/);
    assert.notEqual(one, other);
    assert.equal(sessionDigest("other_session=one"), undefined);
  });
});

describe("setsSession", () => {
  it("recognises the cookie of a session among those of an answer", () => {
    assert.equal(setsSession(["csrf_token_82=x; Path=/", "ory_kratos_session=y; Path=/"]), true);
    assert.equal(setsSession(["csrf_token_82=ory_kratos_session=; Path=/"]), false);
  });
});

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

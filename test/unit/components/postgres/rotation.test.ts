import assert from "node:assert/strict";
import {
  rotatedGroup,
  rotationSql,
  rotationStatement,
  rotationUser,
} from "../../../../components/postgres/rotation.ts";

const sql = rotationSql.join(";\n");

describe("the rotation of database passwords", () => {
  it("runs with the rights of the function's owner, on the names of the system alone", () => {
    assert.match(sql, /SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS/);
  });

  it("is refused for who is not in the group, and for superusers", () => {
    assert.match(sql, new RegExp(`m\\.roleid = '${rotatedGroup}'::regrole`));
    assert.match(sql, /AND NOT r\.rolsuper/);
    assert.match(sql, /RAISE EXCEPTION/);
  });

  it("quotes the name and the password", () => {
    assert.match(sql, /format\('ALTER ROLE %I PASSWORD %L', username, password\)/);
  });

  it("is for Vault's user alone", () => {
    const rights = rotationSql.filter((statement) => /^(GRANT|REVOKE)/.test(statement));
    assert.deepEqual(rights, [
      "REVOKE ALL ON FUNCTION public.set_password(name, text) FROM PUBLIC",
      `GRANT EXECUTE ON FUNCTION public.set_password(name, text) TO ${rotationUser}`,
    ]);
  });

  it("is asked for by a statement whose names Vault fills in", () => {
    assert.equal(rotationStatement, "SELECT public.set_password('{{name}}', '{{password}}')");
  });
});

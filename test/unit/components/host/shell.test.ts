import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { assignments, prelude, shellQuote, stepScript } from "../../../../components/host/shell.ts";

const components = join(import.meta.dirname, "..", "..", "..", "..", "components");
const scriptFolders = ["host", "cluster"].map((folder) => join(components, folder, "scripts"));

describe("shellQuote", () => {
  for (const text of ["plain", "it's", '$(reboot) `reboot` "$HOME"', "two\nlines\n", "", "-n", "*", "'\\''"]) {
    it(`quotes ${JSON.stringify(text)} so that a shell reads it unchanged`, async () => {
      const script = `printf '%s.' ${shellQuote(text)}`;
      const { stdout } = await execa("sh", ["-c", script], { stripFinalNewline: false });
      assert.equal(stdout, `${text}.`);
    });
  }
});

describe("assignments", () => {
  it("write one quoted line for each parameter", () => {
    assert.equal(assignments({ channel: "1.34/stable", cpus: 2 }), "channel='1.34/stable'\ncpus='2'\n");
  });

  for (const name of ["PATH", "a-b", "bibind_host", "1st"]) {
    it(`refuse the name ${name}`, () => {
      assert.throws(() => assignments({ [name]: "x" }), /cannot be a parameter of a script/);
    });
  }
});

describe("stepScript", () => {
  const folder = mkdtempSync(join(tmpdir(), "bibind-scripts-"));
  before(() => mkdirSync(join(folder, "scripts")));
  after(() => rmSync(folder, { recursive: true }));

  it("says whether a script has a remove()", () => {
    writeFileSync(join(folder, "scripts", "both.sh"), "check() {\n}\napply() {\n}\nremove() {\n}\n");
    writeFileSync(join(folder, "scripts", "one.sh"), "check() {\n}\napply() {\n}\n# remove() {\n");
    assert.equal(stepScript(folder, "both.sh").removes, true);
    assert.equal(stepScript(folder, "one.sh").removes, false);
  });

  it("refuses a script without check or apply", () => {
    writeFileSync(join(folder, "scripts", "blind.sh"), "apply() {\n}\n");
    assert.throws(() => stepScript(folder, "blind.sh"), /blind\.sh has no check\(\)/);
  });
});

describe("the scripts", () => {
  const files = scriptFolders.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));

  for (const file of files) {
    for (const shell of ["dash", "bash"]) {
      it(`${file.slice(components.length + 1)} is valid for ${shell}`, async () => {
        await execa(shell, shell === "bash" ? ["--posix", "-n", file] : ["-n", file]);
      });
    }
  }

  it("do not print their commands, which contain their secrets", () => {
    assert.doesNotMatch(prelude, /set -[a-z]*x/);
  });
});

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { asRoot, assignments, prelude, reportIn, shellQuote, stepScript } from "../../../../components/host/shell.ts";

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

describe("asRoot", () => {
  /** The only forms that the POSIX shell, csh and fish read alike: a quoted text, and one escaped character. */
  const word = String.raw`('[^'\\!\n]*'|\\['\\!])+`;
  const commandLine = new RegExp(String.raw`^exec sh -c ${word}( \\\n${word})+$`);
  const script = `it's "two"\nlines \\n !x\n\n$HOME`;

  for (const user of ["root", "debian"]) {
    it(`has only words that every login shell reads alike, for the user ${user}`, () => {
      assert.match(asRoot(script, user), commandLine);
    });
  }

  it("gives the script and the SSH connection unchanged to sh", async () => {
    const text = asRoot(`printf '%s|' "it's \\\\ !x" "$1"`, "root");
    const { stdout } = await execa("sh", ["-c", text], { env: { SSH_CONNECTION: "a 1 b 2" } });
    assert.equal(stdout, "it's \\ !x|a 1 b 2|");
  });
});

describe("reportIn", () => {
  for (const [output, report] of [
    ["bibind: report\none\ntwo\n", "one\ntwo"],
    ["Welcome\nbibind: report\none", "one"],
    ["bibind: report", ""],
    ["", undefined],
    ["Welcome\n", undefined],
    ["not bibind: report\n", undefined],
  ] as const) {
    it(`finds ${JSON.stringify(report)} in ${JSON.stringify(output)}`, () => {
      assert.equal(reportIn(output), report);
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

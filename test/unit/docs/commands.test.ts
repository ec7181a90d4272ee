import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { hostSettings } from "../../../stacks/foundation/host-settings.ts";
import { layers } from "../../../stacks/layers.ts";
import { platformSchema } from "../../../stacks/settings/platform-settings.ts";
import { schemaAt } from "../../../stacks/settings/schema.ts";
import { images } from "../../../stacks/versions.ts";
import { FakeHost } from "../../support/fake-host.ts";

const project = join(import.meta.dirname, "..", "..", "..");
const documents = [
  ...["README.md", "CONTRIBUTING.md", "Pulumi.ovh.yaml", "Pulumi.sandbox.yaml", "docs/guide.md"],
  ...["docs/adr", "docs/tasks"].flatMap((folder) =>
    readdirSync(join(project, folder)).map((name) => `${folder}/${name}`),
  ),
];
const textOf = (file: string): string => readFileSync(join(project, file), "utf8");
const allMatches = (file: string, pattern: RegExp): string[] =>
  [...textOf(file).matchAll(pattern)].map(([, found = ""]) => found);

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOXamq3HQ0yfTzH0xyLdD9sYqzvB6Hh5m0yXlVGfkN4w";

describe("the commands in the documentation", () => {
  let host: FakeHost;
  beforeEach(() => (host = new FakeHost()));
  afterEach(() => host.remove());

  const scans = ["README.md", "Pulumi.ovh.yaml"].flatMap((file) =>
    allMatches(file, /\$\((ssh-keyscan [^)]*)\)/g).map((command) => [file, command] as const),
  );

  it("read the host key of a machine in the places where the setting is explained", () => {
    assert.deepEqual(
      scans.map(([file]) => file),
      ["README.md", "Pulumi.ovh.yaml"],
    );
  });

  for (const [file, command] of scans) {
    for (const stream of ["standard output", "standard error"]) {
      it(`give a host key that the setting accepts, also where ssh-keyscan writes a comment to ${stream} (${file})`, async () => {
        const redirection = stream === "standard error" ? " >&2" : "";
        host.command("ssh-keyscan", `echo "# $3:22 SSH-2.0-OpenSSH_10.0"${redirection}\necho "$3 ${hostKey}"`);
        const { stdout } = await host.run(command);
        assert.equal(stdout, hostKey);
        assert.equal(hostSettings.shape.hostKey.safeParse(stdout).success, true);
      });
    }
  }

  it("are targets of the Makefile", () => {
    const targets = new Set(allMatches("Makefile", /^([a-z0-9 -]+):/gm).flatMap((names) => names.split(" ")));
    for (const file of documents) {
      for (const target of allMatches(file, /(?:`|^)make ([a-z-]+)/gm)) {
        assert(targets.has(target), `${file}: make ${target}`);
      }
    }
  });

  it("are all in the list of `make help`, each with a description", async () => {
    const targets = allMatches("Makefile", /^\.PHONY: (.*)$/gm).flatMap((names) => names.split(" "));
    // Inside `make test`, it would also print the folder that it enters.
    const { stdout } = await execa("make", ["--no-print-directory", "help"], { cwd: project });
    const listed = stdout.split("\n").map((line) => /^ {2}make ([a-z0-9-]+) +\S/.exec(line)?.[1]);
    assert.deepEqual(listed, targets);
  });

  it("push the image that the program deploys", () => {
    assert.deepEqual(allMatches("README.md", /^ *skopeo copy .* docker:\/\/(\S+)$/gm), [images.identity]);
  });

  it("run one test file with the project's Node, because the system's may be too old", () => {
    assert.deepEqual(allMatches("docs/guide.md", /`([^`]*\bmocha) FILE/g), ["make mocha"]);
    for (const file of documents) {
      assert.doesNotMatch(textOf(file), /\.bin\/mocha/, file);
    }
  });

  it("name settings that exist", () => {
    const schema = platformSchema(layers);
    for (const file of documents) {
      for (const path of allMatches(file, /bibind:([a-z]+(?:\.[a-zA-Z]+)+)/g)) {
        assert.notEqual(schemaAt(schema, path.split("."), {}), undefined, `${file}: bibind:${path}`);
      }
    }
  });
});

import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { asRoot } from "../../components/host/shell.ts";
import { FakeHost } from "../support/fake-host.ts";
import { textOfStep } from "../support/host-step.ts";

/** Debian's packages of login shells: the file of each, and a file of the user's settings in which it can print something. */
const shells = [
  { name: "fish", packages: ["fish", "libpcre2-32-0"], file: "usr/bin/fish", settings: ".config/fish/config.fish" },
  { name: "tcsh", packages: ["tcsh"], file: "bin/tcsh", settings: ".tcshrc" },
  { name: "csh", packages: ["csh"], file: "bin/bsd-csh", settings: ".cshrc" },
  { name: "zsh", packages: ["zsh"], file: "bin/zsh", settings: ".zshenv" },
  { name: "ksh", packages: ["ksh93u+m"], file: "bin/ksh93", settings: ".kshrc" },
];

/** Every character with a meaning in some shell. */
const characters = `it's \\ \\\\ \\n ! !! !x ^a^b é…→ $HOME \`id\` "q" \t tab * ? [a] {b} ~ %1 ;&|<>()#`;

describe("a remote step in the login shell of its user", function () {
  this.timeout(300_000);
  let folder: string;
  let host: FakeHost;

  before("unpack Debian's shells into a folder", async () => {
    folder = await mkdtemp(join(tmpdir(), "bibind-shells-"));
    // apt downloads as a user without rights.
    await chmod(folder, 0o777);
    for (const name of shells.flatMap(({ packages }) => packages)) {
      await execa("apt-get", ["download", "--quiet", name], { cwd: folder });
    }
    await execa("sh", ["-c", "for package in *.deb; do dpkg -x $package .; done"], { cwd: folder });
  });

  after(() => rm(folder, { recursive: true, force: true }));

  beforeEach(() => (host = new FakeHost()));
  afterEach(() => host.remove());

  for (const { name, file, settings } of shells) {
    const environment = (): Record<string, string> => ({
      HOME: host.root,
      LD_LIBRARY_PATH: join(folder, "usr/lib/x86_64-linux-gnu"),
    });

    it(`gets every character unchanged through ${name}`, async () => {
      const script = `cat <<'END'\n${characters}\n\nEND\necho "$1"`;
      const options = { shell: join(folder, file), env: environment(), connection: "192.0.2.1 1 192.0.2.2 22" };
      const { exitCode, stdout, stderr } = await host.run(asRoot(script, "root"), options);
      assert.deepEqual([exitCode, stdout, stderr], [0, `${characters}\n\n192.0.2.1 1 192.0.2.2 22`, ""]);
    });

    it(`runs through ${name}, also when the shell greets the user`, async () => {
      host.write(settings, "echo Welcome\n");
      const text = await textOfStep("disk-encryption", "create");
      host.command("findmnt", "echo /dev/mapper/root");
      host.command("lsblk", "echo crypt");
      const result = await host.run(text, { shell: join(folder, file), env: environment() });
      assert.deepEqual([result.exitCode, result.report], [0, "yes"], result.stderr);
    });
  }

  it("fails without its report when the login shell runs nothing", async () => {
    const shell = join(folder, "nothing");
    await writeFile(shell, "#!/bin/sh\n", { mode: 0o755 });
    const { exitCode, report } = await host.run(await textOfStep("disk-encryption", "create"), { shell });
    assert.deepEqual([exitCode, report], [0, undefined]);
  });
});

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { Microk8s, microk8sFolder } from "./microk8s.ts";

const snapSchema = z.object({ apps: z.record(z.string(), z.object({ command: z.string() })) });

describe("the microk8s snap of the sandbox", () => {
  let microk8s: Microk8s;

  beforeEach(() => {
    microk8s = new Microk8s();
  });

  afterEach(() => {
    microk8s.remove();
  });

  const certificate = (name: string): string => join(microk8s.folder, "data", "certs", name);

  it("contains the program of every command in its snap.json", async () => {
    const { apps } = snapSchema.parse(JSON.parse(await readFile(join(microk8sFolder, "snap.json"), "utf8")));
    for (const { command } of Object.values(apps)) {
      const [program = ""] = command.split(" ");
      assert.ok(existsSync(join(microk8sFolder, "content", program)), command);
    }
  });

  it("creates certificates with every address, signed by its own authority, and keys that only root may read", async () => {
    await microk8s.python("from microk8s import certificates; certificates.make_all(['api.example.com', '192.0.2.9'])");
    const verified = await execa("openssl", ["verify", "-CAfile", certificate("ca.crt"), certificate("server.crt")]);
    assert.match(verified.stdout, /OK$/);
    const { stdout } = await execa("openssl", ["x509", "-noout", "-text", "-in", certificate("server.crt")]);
    assert.match(stdout, /DNS:kubernetes\.default\.svc,/);
    assert.match(stdout, /DNS:api\.example\.com/);
    assert.match(stdout, /IP Address:10\.152\.183\.1,/);
    assert.match(stdout, /IP Address:192\.0\.2\.9/);
    assert.equal((await stat(certificate("ca.key"))).mode & 0o777, 0o600);
  });

  it("keeps existing certificates and creates only those that are missing after a kill", async () => {
    const make = "from microk8s import certificates; certificates.make_all([])";
    await microk8s.python(make);
    const kept = await readFile(certificate("client.crt"), "utf8");
    await execa("rm", [certificate("server.crt")]);
    await microk8s.python(make);
    assert.equal(await readFile(certificate("client.crt"), "utf8"), kept);
    await execa("openssl", ["verify", "-CAfile", certificate("ca.crt"), certificate("server.crt")]);
  });

  it("changes one flag of a program and keeps the others", async () => {
    await mkdir(join(microk8s.folder, "data", "args"), { recursive: true });
    const file = join(microk8s.folder, "data", "args", "kube-apiserver");
    await writeFile(file, "--secure-port=16443\n--authorization-mode=AlwaysAllow\n# mine\n--event-ttl=5m\n");
    await microk8s.python(
      "from microk8s import arguments; arguments.set_value('kube-apiserver', 'authorization-mode', 'RBAC,Node')",
    );
    assert.deepEqual((await readFile(file, "utf8")).trimEnd().split("\n"), [
      "--secure-port=16443",
      "--event-ttl=5m",
      "--authorization-mode=RBAC,Node",
    ]);
  });

  for (const [title, words, message] of [
    ["an unknown addon", ["enable", "nonesuch"], "Addon nonesuch was not found in any repository"],
    ["an addon of an unknown repository", ["enable", "community/dns"], "Addon repository community was not found"],
    ["an unknown command", ["dashboard-proxy"], "'dashboard-proxy' is not a valid MicroK8s subcommand."],
    ["an invalid join URL", ["join", "172.30.0.2", "--worker"], "Invalid join URL: "],
  ] as const) {
    it(`refuses ${title}`, async () => {
      const { stderr, exitCode } = await microk8s.command(...words);
      assert.ok(stderr.startsWith(message), stderr);
      assert.equal(exitCode, 1);
    });
  }

  it("refuses an unknown flag by its name", async () => {
    const { stderr, exitCode } = await microk8s.command("status", "--wait-redy");
    assert.match(stderr, /unrecognized arguments: --wait-redy/);
    assert.equal(exitCode, 2);
  });

  for (const [title, addon, option, message] of [
    ["an option for an addon without options", "rbac", "loud", "Addon rbac does not take the option loud"],
    ["a name server that is not an address", "dns", "one.one", "Your input value (one.one) is not a valid"],
    ["a certificate without a namespace", "ingress", "default-ssl-certificate=cert", "Invalid value for --default-ssl"],
    ["an unknown option of the addon ingress", "ingress", "class=x", "Invalid option class"],
  ] as const) {
    it(`refuses ${title}`, async () => {
      const { stderr } = await microk8s.python(
        `from microk8s.options import parameters_of; parameters_of("${addon}", ["${option}"])`,
      );
      assert.ok(stderr.includes(`CommandError: ${message}`), stderr);
    });
  }

  it("does not run kubectl on a worker", async () => {
    const locks = join(microk8s.folder, "data", "var", "lock");
    await mkdir(locks, { recursive: true });
    await writeFile(join(locks, "clustered.lock"), "192.0.2.1\n");
    const { stdout, exitCode } = await microk8s.command("kubectl", "get", "nodes");
    assert.match(stdout, /^This MicroK8s deployment is acting as a node in a cluster\./);
    assert.equal(exitCode, 0);
  });

  it("reads a join URL with any port", async () => {
    const token = "abcdef0123456789abcdef0123456789";
    const { stdout } = await microk8s.python(
      `from microk8s.join_url import JoinUrl; url = JoinUrl.parse("172.30.0.2:25000/${token}/${"0".repeat(64)}"); print(url.address, url.bearer)`,
    );
    assert.equal(stdout, "172.30.0.2 abcdef.0123456789abcdef");
  });

  it("imports the images that have another digest in containerd", async () => {
    await mkdir(join(microk8s.folder, "images"));
    await writeFile(
      join(microk8s.folder, "images", "images.json"),
      JSON.stringify([
        { reference: "docker.io/library/one:1", digest: "sha256:1", archive: "one.tar" },
        { reference: "docker.io/library/two:2", digest: "sha256:2", archive: "two.tar" },
      ]),
    );
    const { stdout } = await microk8s.python(
      "from microk8s import images; images.present = lambda: {'docker.io/library/one:1': 'sha256:1', 'docker.io/library/two:2': 'sha256:old'}; print([i['archive'] for i in images.missing()])",
    );
    assert.equal(stdout, "['two.tar']");
  });

  it("has examples in its documentation that return the documented results", async () => {
    const { stdout, exitCode } = await microk8s.python(
      "import doctest; from microk8s import network, routes; print(doctest.testmod(routes), doctest.testmod(network))",
    );
    assert.equal(stdout, "TestResults(failed=0, attempted=1) TestResults(failed=0, attempted=1)");
    assert.equal(exitCode, 0);
  });
});

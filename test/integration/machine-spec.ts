import { join } from "node:path";
import { cacheFolder } from "../../sandbox/builds/folders.ts";
import { type MachineSpec, chartsTarget, mailTarget } from "../../sandbox/machine/spec.ts";
import { goTool } from "../../sandbox/toolchain/go/build.ts";

/** Folder that the test's machine mounts at /var/lib/bibind-charts. */
export const testCharts = cacheFolder("machines", "bibind-test-charts");

/** A machine whose name and network differ from those of the sandbox's own machine. */
export const testMachine: MachineSpec = {
  name: "bibind-test",
  network: { bridge: "bibind-test0", gateway: "172.30.9.1", prefix: 24 },
  address: "172.30.9.2",
  names: ["machine.bibind.example"],
  routes: ["10.152.199.0/24"],
  shares: [
    { source: testCharts, target: chartsTarget },
    { source: await goTool("mailpit"), target: mailTarget },
  ],
  files: [{ source: join(import.meta.dirname, "machine-spec.ts"), target: "/opt/given/spec.ts" }],
  memoryBytes: 2 * 2 ** 30,
};

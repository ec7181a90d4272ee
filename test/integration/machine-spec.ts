import { join } from "node:path";
import { cacheFolder } from "../../sandbox/builds/folders.ts";
import { type MachineSpec, chartsInside, mailInside } from "../../sandbox/machine/spec.ts";
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
    { outside: testCharts, inside: chartsInside },
    { outside: await goTool("mailpit"), inside: mailInside },
  ],
  files: [{ outside: join(import.meta.dirname, "machine-spec.ts"), inside: "/opt/given/spec.ts" }],
  memoryBytes: 2 * 2 ** 30,
};

// Starts the machine of machine.test.ts in a process of its own, so that the test can kill it at any point.
import { startMachine } from "../../sandbox/machine/machine.ts";
import { testMachine } from "./machine-spec.ts";

await startMachine(testMachine);

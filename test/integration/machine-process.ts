// Starts the machine of machine.test.ts in a separate process, so that the test can kill the start at any point.
import { startMachine } from "../../sandbox/machine/machine.ts";
import { testMachine } from "./machine-spec.ts";

await startMachine(testMachine);

import { matchesGlob } from "node:path";

/** Integration, end-to-end, fault and attack tests of each layer. Every other test belongs to the foundation. */
const testsOfLayers: Readonly<Record<string, readonly string[]>> = {
  iam: [
    "test/{e2e,fault,integration}/iam/**",
    "test/integration/{identity,vault}/**",
    "test/attack/people/**",
    "test/integration/charts/{hydra,kratos,openbao}.test.ts",
    "test/integration/toolchain/vault/**",
    "test/integration/toolchain/vault.test.ts",
    "test/integration/{layer,secrets}.test.ts",
    "test/fault/{interrupted-destroy,interruptions,vault}.test.ts",
  ],
};

/** The layer that a test file belongs to. */
export function layerOf(file: string): string {
  const found = Object.entries(testsOfLayers).find(([, globs]) => globs.some((glob) => matchesGlob(file, glob)));
  return found?.[0] ?? "foundation";
}

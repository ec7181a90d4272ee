import { registerHooks } from "node:module";

/**
 * Preloaded into every program: loads large packages only when they are used.
 *
 * @pulumi/pulumi 3.259 loads the TypeScript compiler and npm's dependency solver at its start, although it needs them
 * only to serialise functions for dynamic providers. Both take four fifths of its loading time.
 */
const stubs = new Map([
  ["typescript", new URL("lazy-typescript.js", import.meta.url).href],
  ["@npmcli/arborist", new URL("lazy-arborist.js", import.meta.url).href],
]);

// The SDK records a stack trace at every step of every resource. Source maps for them take a fifth of the time of a
// preview, and change nothing for a program that Node runs without compilation.
if (process.env.PULUMI_NODEJS_TYPESCRIPT !== "true") {
  stubs.set("source-map-support/register", new URL("no-source-maps.js", import.meta.url).href);
}

registerHooks({
  resolve(specifier, context, next) {
    const stub = context.parentURL?.includes("/@pulumi/pulumi/") ? stubs.get(specifier) : undefined;
    return stub === undefined ? next(specifier, context) : { url: stub, format: "module", shortCircuit: true };
  },
});

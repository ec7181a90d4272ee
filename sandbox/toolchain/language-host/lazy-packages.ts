import { registerHooks } from "node:module";

/**
 * Preloaded into every program: lets large packages wait until they are used.
 *
 * @pulumi/pulumi 3.259 loads the TypeScript compiler and npm's dependency solver at once, only to turn functions into
 * text for dynamic providers. That is four fifths of its loading time, and few programs have such functions.
 */
const stubs = new Map([
  ["typescript", new URL("lazy-typescript.js", import.meta.url).href],
  ["@npmcli/arborist", new URL("lazy-arborist.js", import.meta.url).href],
]);

// The SDK takes a stack trace at every step of every resource. Mapping them all is a fifth of a preview, and maps
// nothing where Node runs the program as it was written.
if (process.env.PULUMI_NODEJS_TYPESCRIPT !== "true") {
  stubs.set("source-map-support/register", new URL("no-source-maps.js", import.meta.url).href);
}

registerHooks({
  resolve(specifier, context, next) {
    const stub = context.parentURL?.includes("/@pulumi/pulumi/") ? stubs.get(specifier) : undefined;
    return stub === undefined ? next(specifier, context) : { url: stub, format: "module", shortCircuit: true };
  },
});

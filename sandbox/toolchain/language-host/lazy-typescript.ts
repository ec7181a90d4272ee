import { lazyProxy } from "./lazy-proxy.ts";

const typescript = lazyProxy("typescript");

export { typescript as "module.exports" };

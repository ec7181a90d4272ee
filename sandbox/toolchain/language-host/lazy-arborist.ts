import { lazyProxy } from "./lazy-proxy.ts";

const arborist = lazyProxy("@npmcli/arborist");

export { arborist as "module.exports" };

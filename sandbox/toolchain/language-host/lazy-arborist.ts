import { lazily } from "./lazily.ts";

const arborist = lazily("@npmcli/arborist");

export { arborist as "module.exports" };

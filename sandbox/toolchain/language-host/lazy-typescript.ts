import { lazily } from "./lazily.ts";

const typescript = lazily("typescript");

export { typescript as "module.exports" };

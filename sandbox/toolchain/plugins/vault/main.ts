import { servePlugin } from "../server/serve.ts";
import { VaultPlugin } from "./plugin.ts";

await servePlugin(new VaultPlugin());

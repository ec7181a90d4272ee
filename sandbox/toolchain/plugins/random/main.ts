import { servePlugin } from "../server/serve.ts";
import { RandomPlugin } from "./plugin.ts";

await servePlugin(new RandomPlugin());

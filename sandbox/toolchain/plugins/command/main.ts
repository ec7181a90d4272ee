import { servePlugin } from "../server/serve.ts";
import { CommandPlugin } from "./plugin.ts";

await servePlugin(new CommandPlugin());

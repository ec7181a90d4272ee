import { servePlugin } from "../server/serve.ts";
import { KubernetesPlugin } from "./plugin.ts";

await servePlugin(new KubernetesPlugin());

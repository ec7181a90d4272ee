import { instance } from "@viz-js/viz";
import { relationsPicture } from "../../stacks/graph/picture.ts";
import { applications, relations } from "../../stacks/relations.ts";

/** The picture of all relations (SVG), drawn by Graphviz as WebAssembly: nothing has to be installed for it. */
export async function relationsSvg(): Promise<string> {
  const graphviz = await instance();
  return graphviz.renderString(relationsPicture({ applications, relations }), { format: "svg" });
}

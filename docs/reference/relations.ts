import { instance } from "@viz-js/viz";
import { layers } from "../../stacks/layers.ts";
import { relationsPicture } from "../../stacks/map/picture.ts";
import { assembleMap } from "../../stacks/map/platform-map.ts";

/** The picture of all relations (SVG). Graphviz runs as WebAssembly, so nothing must be installed for it. */
export async function relationsSvg(): Promise<string> {
  const graphviz = await instance();
  const map = assembleMap(layers.map(({ mapPart }) => mapPart));
  return graphviz.renderString(relationsPicture(map), { format: "svg" });
}

import type { PlatformMap } from "./platform-map.ts";
import { partsOf, type Application, type ApplicationName, type Relation } from "./relation.ts";

const quoted = (text: string): string => JSON.stringify(text);

const style = [
  'rankdir=LR bgcolor="white" ranksep=1.1 nodesep=0.25 fontname="Helvetica"',
  'node [shape=box style="rounded,filled" fillcolor="white" color="#5b6770" fontname="Helvetica" fontsize=12 margin="0.2,0.1"]',
  'edge [color="#5b6770" fontname="Helvetica" fontsize=10 fontcolor="#33414a"]',
];

/** An application. One that offers nothing is drawn lighter. */
function node(name: ApplicationName, { offers }: Application): string {
  const shape = offers === undefined ? ' fillcolor="transparent" style="rounded,dashed"' : "";
  return `${quoted(name)} [label=${quoted(partsOf(name).app)}${shape}]`;
}

function cluster(layer: string, nodes: readonly string[]): string[] {
  return [
    `subgraph ${quoted(`cluster_${layer}`)} {`,
    `  label=${quoted(layer)} style="rounded,filled" color="#d5dde2" fillcolor="#f1f5f7" fontname="Helvetica-Bold"`,
    ...nodes.map((line) => `  ${line}`),
    "}",
  ];
}

/** One arrow for each pair of applications, from consumer to provider, with every interface between them. */
function arrows(relations: readonly Relation[]): string[] {
  const kinds = new Map<string, string[]>();
  for (const { consumer, endpoint, interface: kind } of relations) {
    const ends = `${quoted(consumer)} -> ${quoted(endpoint)}`;
    kinds.set(ends, [...(kinds.get(ends) ?? []), kind]);
  }
  return [...kinds].map(([ends, found]) => `${ends} [label=${quoted([...new Set(found)].join(", "))}]`);
}

/** The map in the language of Graphviz: each layer is a frame, each relation an arrow. */
export function relationsPicture({ applications, relations }: PlatformMap): string {
  const layers = Map.groupBy(applications.keys(), (name) => partsOf(name).layer);
  const clusters = [...layers].flatMap(([layer, names]) =>
    cluster(
      layer,
      names.map((name) => node(name, applications.get(name) ?? {})),
    ),
  );
  const lines = [...style, ...clusters, ...arrows(relations)];
  return ["digraph relations {", ...lines.map((line) => `  ${line}`), "}", ""].join("\n");
}

import { glob, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import typescript from "typescript";
import { projectFolder } from "../../sandbox/builds/folders.ts";

/** The imports between files or folders: the path of each node, and the paths of the nodes that it imports. */
export type ImportGraph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The relative imports of every TypeScript file below a folder. Imports of types count. Imports of packages do not.
 *
 * @param folder - path below `root`
 * @param root - the folder that paths in the graph are relative to; default: the project
 * @throws Error when there is no TypeScript file below the folder
 */
export async function importsOf(folder: string, root = projectFolder): Promise<ImportGraph> {
  const graph = new Map<string, ReadonlySet<string>>();
  for await (const file of glob(`${folder}/**/*.ts`, { cwd: root, exclude: ["**/node_modules"] })) {
    const text = await readFile(join(root, file), "utf8");
    const imported = typescript
      .preProcessFile(text)
      .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
      .map(({ fileName }) => relative(root, join(root, dirname(file), fileName)));
    graph.set(file, new Set(imported));
  }
  if (graph.size === 0) {
    throw new Error(`there is no TypeScript file below ${join(root, folder)}`);
  }
  return graph;
}

/**
 * The imports between folders. A folder imports another folder when one of its files imports a file there.
 *
 * @param folderOf - the folder of a file; default: the folder that contains it, so `a` and `a/b` are two folders
 */
export function betweenFolders(files: ImportGraph, folderOf: (file: string) => string = dirname): ImportGraph {
  const graph = new Map<string, Set<string>>();
  for (const [file, imported] of files) {
    const folder = folderOf(file);
    const folders = graph.get(folder) ?? new Set<string>();
    [...imported].map(folderOf).forEach((other) => other !== folder && folders.add(other));
    graph.set(folder, folders);
  }
  return graph;
}

/** @throws Error that shows each circle of imports, one import on each line */
export function refuseCircles(graph: ImportGraph): void {
  const circles = circlesIn(graph).map((circle) => [...circle, circle[0]].join("\n  imports "));
  if (circles.length > 0) {
    const remedy = "Move the code that both sides need to a lower file or folder.";
    throw new Error(`Imports form circles. ${remedy}\n${circles.join("\n")}`);
  }
}

/** Circles of imports. Each is a list of its nodes in the order of the imports. Every node on a circle is in a list. */
export function circlesIn(graph: ImportGraph): string[][] {
  const circles: string[][] = [];
  for (const node of graph.keys()) {
    const circle = circles.flat().includes(node) ? undefined : shortestCircle(graph, node);
    if (circle !== undefined) {
      circles.push(circle);
    }
  }
  return circles;
}

function shortestCircle(graph: ImportGraph, start: string): string[] | undefined {
  const seen = new Set<string>();
  let paths: string[][] = [[start]];
  while (paths.length > 0) {
    const longer = paths.flatMap((path) => [...(graph.get(path.at(-1) ?? "") ?? [])].map((next) => [...path, next]));
    const closed = longer.find((path) => path.at(-1) === start);
    if (closed !== undefined) {
      return closed.slice(0, -1);
    }
    paths = longer.filter((path) => isNew(seen, path.at(-1) ?? ""));
  }
  return undefined;
}

function isNew(seen: Set<string>, node: string): boolean {
  const before = seen.size;
  return seen.add(node).size > before;
}

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import { projectFolder } from "../../../../../../../sandbox/builds/folders.ts";
import { rows, secretsOf } from "../../../../../../../sandbox/toolchain/plugins/vault/table/index.ts";
import type { Row } from "../../../../../../../sandbox/toolchain/plugins/vault/schema/row.ts";

const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/vault/package.json"));

/** The SDK's folder for each module of a token, when their names differ. */
const folders: Readonly<Record<string, string>> = { index: ".", pkiSecret: "pkisecret" };

interface SdkResource {
  readonly token: string;
  /** Whether each argument is required, by its name. */
  readonly args: ReadonlyMap<string, boolean>;
  readonly outputs: ReadonlySet<string>;
  /** Outputs that the SDK declares secret. */
  readonly secrets: readonly string[];
}

function fileOf(type: string): string {
  const [, path = ""] = type.split(":");
  const [module = "", file = ""] = path.split("/");
  return join(sdk, folders[module] ?? module, file);
}

function propertyNames(members: ts.NodeArray<ts.TypeElement | ts.ClassElement>): [string, boolean][] {
  return members.flatMap((member): [string, boolean][] =>
    (ts.isPropertySignature(member) || ts.isPropertyDeclaration(member)) && ts.isIdentifier(member.name)
      ? [[member.name.text, member.questionToken === undefined]]
      : [],
  );
}

async function sdkResource(type: string): Promise<SdkResource> {
  const script = await readFile(`${fileOf(type)}.js`, "utf8");
  const declarations = await readFile(`${fileOf(type)}.d.ts`, "utf8");
  const source = ts.createSourceFile("sdk.d.ts", declarations, ts.ScriptTarget.Latest, true);
  const args = new Map<string, boolean>();
  const outputs = new Set<string>();
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement) && statement.name.text.endsWith("Args")) {
      propertyNames(statement.members).forEach(([name, required]) => args.set(name, required));
    }
    if (ts.isClassDeclaration(statement)) {
      const own = statement.members.filter((member) => !isStatic(member));
      propertyNames(ts.factory.createNodeArray(own)).forEach(([name]) => outputs.add(name));
    }
  }
  const secrets = /additionalSecretOutputs: \[([^\]]*)\]/.exec(script)?.[1] ?? "";
  return {
    token: /__pulumiType = '([^']+)'/.exec(script)?.[1] ?? "",
    args,
    outputs,
    secrets: [...secrets.matchAll(/"(\w+)"/g)].map((match) => match[1] ?? ""),
  };
}

function isStatic(member: ts.ClassElement): boolean {
  return (
    ts.canHaveModifiers(member) &&
    (ts.getModifiers(member) ?? []).some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)
  );
}

/** The modules of the SDK, such as `kv/secretV2`, that the sources in these folders import. */
async function importedClasses(...folders: readonly string[]): Promise<string[]> {
  const modules = new Set<string>();
  for await (const file of glob(`{${folders.join(",")}}/**/*.ts`, { cwd: projectFolder })) {
    const text = await readFile(join(projectFolder, file), "utf8");
    [...text.matchAll(/"@pulumi\/vault\/([^"]+)\.js"/g)].forEach(([, path = ""]) => modules.add(path));
  }
  modules.delete("provider");
  return [...modules];
}

function refused(row: Row): string[] {
  return Object.values(row.refuses).flat();
}

/** The inputs or outputs of a row. A write-only value is an input, never an output. */
function named(row: Row, isOutput: boolean): string[] {
  return Object.entries(row.properties).flatMap(([name, { output }]) => ((output ?? false) === isOutput ? [name] : []));
}

describe("The table of the vault plugin", () => {
  it("has a row for every resource class that the components and layers import, and no other", async () => {
    const imported = await importedClasses("components", "stacks");
    deepStrictEqual([...rows.keys()].map(fileOf).sort(), imported.map((path) => join(sdk, path)).sort());
  });

  for (const row of rows.values()) {
    describe(row.type, () => {
      let resource: SdkResource;

      before(async () => {
        resource = await sdkResource(row.type);
      });

      it("is a token of the SDK", () => {
        strictEqual(resource.token, row.type);
      });

      it("supports or refuses every argument of the SDK, and no other", () => {
        deepStrictEqual([...named(row, false), ...refused(row)].sort(), [...resource.args.keys()].sort());
      });

      it("has every output of the SDK, and no other", () => {
        const outputs = [...resource.outputs].filter((name) => !resource.args.has(name));
        deepStrictEqual(named(row, true).sort(), outputs.sort());
      });

      it("requires what the SDK requires", () => {
        const required = Object.entries(row.properties).flatMap(([name, property]) =>
          property.required === true ? [name] : [],
        );
        const wanted = [...resource.args].flatMap(([name, isRequired]) => (isRequired ? [name] : []));
        deepStrictEqual(required.sort(), wanted.sort());
      });

      it("keeps at least the outputs secret that the SDK keeps secret", () => {
        const secrets = secretsOf(row);
        deepStrictEqual(
          resource.secrets.filter((name) => !secrets.includes(name) && !refused(row).includes(name)),
          [],
        );
      });

      it("uses only its own properties in its path", () => {
        const names = [...row.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
        deepStrictEqual(
          names.filter((name) => !(name in row.properties)),
          [],
        );
      });

      it("names the version property of each write-only value", () => {
        const versions = Object.values(row.properties).flatMap(({ writtenWith }) => writtenWith ?? []);
        deepStrictEqual(
          versions.filter((name) => row.properties[name]?.kind !== "number"),
          [],
        );
      });
    });
  }
});

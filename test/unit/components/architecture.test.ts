import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

const components = join(import.meta.dirname, "..", "..", "..", "components");

interface ComponentClass {
  readonly file: string;
  readonly folder: string;
  readonly name: string;
  readonly node: ts.ClassDeclaration;
  readonly source: ts.SourceFile;
}

function baseClassOf(node: ts.ClassDeclaration): string | undefined {
  const heritage = node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword);
  return heritage?.types[0]?.expression.getText();
}

function componentsIn(file: string, text: string): ComponentClass[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return source.statements
    .filter((statement) => ts.isClassDeclaration(statement))
    .filter((node) => /(^|\.)(BibindComponent|ComponentResource)$/.test(baseClassOf(node) ?? ""))
    .filter((node) => !node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword))
    .map((node) => ({ file, folder: file.split("/")[0] ?? "", name: node.name?.text ?? "", node, source }));
}

interface CallStatement extends ts.ExpressionStatement {
  readonly expression: ts.CallExpression;
}

function isCallOf(statement: ts.Statement | undefined, callee: string): statement is CallStatement {
  return (
    statement !== undefined &&
    ts.isExpressionStatement(statement) &&
    ts.isCallExpression(statement.expression) &&
    statement.expression.expression.getText() === callee
  );
}

function exportedNames(source: ts.SourceFile): string[] {
  return source.statements
    .filter((statement) => ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    .filter((statement) => statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .map((statement) => statement.name.text);
}

/** What is wrong with a component, in sentences. */
function faults({ folder, name, node, source }: ComponentClass): string[] {
  const constructor = node.members.find((member) => ts.isConstructorDeclaration(member));
  const statements = constructor?.body?.statements ?? [];
  const call = statements.flatMap((statement) => (isCallOf(statement, "super") ? [statement] : []))[0]?.expression;
  const token = call?.arguments[0]?.getText();
  const outputs = node.members
    .filter((member) => ts.isPropertyDeclaration(member))
    .filter((member) => /Output</.test(member.type?.getText() ?? ""));
  return [
    ...(baseClassOf(node) === "BibindComponent" ? [] : ["does not extend BibindComponent"]),
    ...(token === `"bibind:${folder}:${name}"` ? [] : [`has the token ${token ?? "(none)"}`]),
    ...(isCallOf(statements.at(-1), "this.registerOutputs") ? [] : ["does not call registerOutputs last"]),
    ...(exportedNames(source).includes(`${name}Args`) ? [] : [`does not export ${name}Args`]),
    ...(constructor?.parameters.map((parameter) => parameter.name.getText()).join() === "name,args,opts"
      ? []
      : ["is not constructed with (name, args, opts)"]),
    ...outputs
      .filter((output) => !output.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword))
      .map((output) => `has the output ${output.name.getText()}, which is not readonly`),
  ];
}

const found = readdirSync(components, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => join(entry.parentPath, entry.name))
  .flatMap((file) => componentsIn(relative(components, file), readFileSync(file, "utf8")));

describe("the components", () => {
  it("are found", () => {
    const names = found.map(({ name }) => name);
    for (const name of ["RemoteStep", "OvhHost", "MicroK8s", "ExistingCluster"]) {
      assert(names.includes(name), `${name} is not among ${names.join(", ")}`);
    }
  });

  for (const component of found) {
    it(`${component.name} keeps the rules of a component`, () => {
      assert.deepEqual(faults(component), []);
    });
  }
});

describe("the rules of a component", () => {
  const sample = `export interface GateArgs {}
    export class Gate extends BibindComponent {
      readonly width: pulumi.Output<number>;
      constructor(name: string, args: GateArgs, opts?: pulumi.ComponentResourceOptions) {
        super("bibind:garden:Gate", name, opts);
        this.registerOutputs({});
      }
    }`;
  const faultsOf = (text: string): string[] => componentsIn("garden/gate.ts", text).flatMap(faults);

  it("accept a component that keeps them", () => {
    assert.equal(componentsIn("garden/gate.ts", sample).length, 1);
    assert.deepEqual(faultsOf(sample), []);
  });

  const broken: readonly [string, string, RegExp][] = [
    ["another token", sample.replace("bibind:garden:Gate", "bibind:house:Gate"), /has the token/],
    ["no registerOutputs", sample.replace("this.registerOutputs({});", ""), /registerOutputs last/],
    [
      "something after registerOutputs",
      sample.replace("Outputs({});", "Outputs({}); this.x();"),
      /registerOutputs last/,
    ],
    ["no exported args", sample.replace("export interface GateArgs", "interface GateArgs"), /does not export GateArgs/],
    ["another base class", sample.replace("BibindComponent", "pulumi.ComponentResource"), /extend BibindComponent/],
    ["an output that can be written", sample.replace("readonly width", "width"), /output width/],
    ["other constructor parameters", sample.replace("args: GateArgs, ", ""), /\(name, args, opts\)/],
  ];
  for (const [what, text, fault] of broken) {
    it(`find a component with ${what}`, () => {
      const [first, ...others] = faultsOf(text);
      assert.match(first ?? "", fault);
      assert.deepEqual(others, []);
    });
  }
});

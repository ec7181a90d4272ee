import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { layers } from "../../../stacks/layers.ts";
import { loadSettings } from "../../../stacks/settings/load.ts";
import { settingsOf } from "../../support/environments.ts";

const project = join(import.meta.dirname, "..", "..", "..");
const folder = join(project, "docs/tasks");
const pages = readdirSync(folder);
const textOf = (page: string): string => readFileSync(join(folder, page), "utf8");

describe("the pages of tasks", () => {
  it("are short, so that a person follows them while working", () => {
    for (const page of pages) {
      assert(textOf(page).split("\n").length < 40, page);
    }
  });

  it("are all in the guide", () => {
    const guide = readFileSync(join(project, "docs/guide.md"), "utf8");
    const linked = [...guide.matchAll(/\(tasks\/([^)]+)\)/g)].map(([, page]) => page);
    assert.deepEqual(linked.sort(), pages.sort());
  });

  it("name files of the project that exist", () => {
    for (const page of pages) {
      for (const [, file = ""] of textOf(page).matchAll(/`((?:sandbox|stacks)\/[^`]+)`/g)) {
        assert(existsSync(join(project, file)), `${page}: ${file}`);
      }
    }
  });

  it("declare a client that the settings accept", () => {
    const [, yaml = ""] = /```yaml\n([^]*?)```/.exec(textOf("declare-a-client.md")) ?? [];
    const { "bibind:iam": example } = z.object({ "bibind:iam": z.looseObject({}) }).parse(parse(yaml));
    const { file, values } = settingsOf("ovh");
    const iam = { ...z.looseObject({}).parse(values["iam"]), ...example };
    assert.equal(loadSettings({ file, values: { ...values, iam } }, layers).layers.get("iam"), iam);
  });
});

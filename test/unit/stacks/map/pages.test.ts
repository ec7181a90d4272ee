import assert from "node:assert/strict";
import { layers } from "../../../../stacks/layers.ts";
import { peopleApplications } from "../../../../stacks/map/pages.ts";
import { assembleMap } from "../../../../stacks/map/platform-map.ts";
import type { Pages } from "../../../../stacks/map/relation.ts";
import { settingsOf } from "../../../support/environments.ts";

describe("the applications that people open in a browser", () => {
  const purpose = { en: "Orders", fr: "Commandes" };

  it("have a host, begin at its root and are for everybody, unless the map says otherwise", () => {
    const declared: Pages = { purpose, path: "/ui", health: "/health", roles: ["operator", "auditor"] };
    const applications = {
      shop: { pages: { purpose } },
      vault: { pages: declared },
      hidden: { pages: { purpose } },
      worker: {},
    };
    const hosts = { vault: "secrets", shop: "store", worker: "worker" };
    assert.deepEqual(peopleApplications(assembleMap([{ layer: "mall", applications, relations: [], hosts }])), [
      { name: "mall/shop", host: "store", who: "everybody", purpose, path: "/", health: "/", roles: [] },
      { name: "mall/vault", host: "secrets", who: "people with a role: operator, auditor", ...declared },
    ]);
  });

  it("are all applications of the platform that have a host", () => {
    const { values } = settingsOf("sandbox");
    const map = assembleMap(layers.map((layer) => layer.configure(values[layer.name]).mapPart));
    assert.deepEqual(
      peopleApplications(map)
        .map(({ name }) => name)
        .sort(),
      [...map.hosts.keys()].sort(),
    );
    assert(map.hosts.size > 0);
  });
});

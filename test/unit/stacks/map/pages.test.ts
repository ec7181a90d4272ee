import assert from "node:assert/strict";
import { layers } from "../../../../stacks/layers.ts";
import { peopleApplications } from "../../../../stacks/map/pages.ts";
import { assembleMap } from "../../../../stacks/map/platform-map.ts";
import { settingsOf } from "../../../support/environments.ts";

describe("the applications that people open in a browser", () => {
  it("have a host, and their health is read at / unless the map says otherwise", () => {
    const applications = {
      shop: { pages: { who: "everybody" } },
      vault: { pages: { who: "people with a role", health: "/health" } },
      hidden: { pages: { who: "nobody" } },
      worker: {},
    };
    const hosts = { vault: "secrets", shop: "store", worker: "worker" };
    assert.deepEqual(peopleApplications(assembleMap([{ layer: "mall", applications, relations: [], hosts }])), [
      { name: "mall/shop", host: "store", who: "everybody", health: "/" },
      { name: "mall/vault", host: "secrets", who: "people with a role", health: "/health" },
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

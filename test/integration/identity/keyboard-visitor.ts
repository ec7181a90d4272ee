import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { z } from "zod";
import { cacheFolder } from "../../../sandbox/builds/folders.ts";

const results = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});

/** Tab stops of a page at most. */
const tabStops = 40;

/** Folder of the screenshots: `$BIBIND_SCREENSHOTS`, else below the logs in the cache folder. */
const screenshots = process.env.BIBIND_SCREENSHOTS ?? cacheFolder("logs", "screenshots");

/** A person with a browser and a keyboard, but no mouse. */
export class KeyboardVisitor {
  readonly page: Page;
  readonly #name: string;
  #looks = 0;

  /** @param name - begins the names of the screenshots */
  constructor(page: Page, name: string) {
    this.page = page;
    this.#name = name;
  }

  /** Checks the page in light and in dark mode: no violation that axe finds, no horizontal scrolling. Keeps screenshots. */
  async look(what: string): Promise<void> {
    this.#looks += 1;
    await mkdir(screenshots, { recursive: true });
    for (const colorScheme of ["light", "dark"] as const) {
      await this.page.emulateMedia({ colorScheme });
      const file = `${this.#name}-${String(this.#looks).padStart(2, "0")}-${what}-${colorScheme}.png`;
      await this.page.screenshot({ path: join(screenshots, file), fullPage: true });
      await this.page.evaluate(axe.source);
      const { violations } = results.parse(await this.page.evaluate("axe.run()"));
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(", ")}`);
      assert.deepEqual(found, [], `${what} in ${colorScheme} mode`);
    }
    const isScrolled = await this.page.evaluate(
      "document.documentElement.scrollWidth > document.documentElement.clientWidth",
    );
    assert.equal(isScrolled, false, `${what} is wider than the screen`);
  }

  /** Moves the focus to an element with the Tab key. The element must show that it has the focus. */
  async focus(selector: string): Promise<void> {
    for (let stop = 0; (await this.page.locator(`${selector}:focus`).count()) === 0; stop += 1) {
      assert(stop < tabStops, `the Tab key does not reach ${selector} on ${this.page.url()}`);
      await this.page.keyboard.press("Tab");
    }
    const outline = await this.page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    assert.notEqual(outline, "none", `${selector} does not show the focus on ${this.page.url()}`);
  }

  /** Replaces the text of a field. */
  async type(name: string, text: string): Promise<void> {
    await this.focus(`input[name="${name}"]`);
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.type(text);
  }

  /** Follows a link, or presses a button, and waits for the next page. Without a selector, it sends the form of the field with the focus. */
  async enter(selector?: string): Promise<void> {
    if (selector !== undefined) {
      await this.focus(selector);
    }
    await Promise.all([this.page.waitForEvent("load"), this.page.keyboard.press("Enter")]);
  }

  /** Asserts the path of the page, and its title. */
  async isAt(path: string, title: RegExp): Promise<void> {
    const text = await this.page.locator("h1").innerText();
    assert.equal(new URL(this.page.url()).pathname, path, text);
    assert.match(text, title);
  }
}

import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { GUIDES } from "./support/guides";

const TESTS = __dirname;

/** What a fence may begin with: `sh` is run by a test, and the others are for files or are only shown. */
const LANGUAGES = [
  "sh",
  "ts",
  "js",
  "hcl",
  "yaml",
  "json",
  "toml",
  "ini",
  "python",
  "go",
  "text",
  "fish",
  "powershell",
];

describe("the guides", () => {
  const tests = readdirSync(TESTS, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => readFileSync(join(TESTS, name), "utf8"));

  for (const name of readdirSync(GUIDES).map((file) => basename(file, ".md"))) {
    const page = readFileSync(join(GUIDES, `${name}.md`), "utf8");

    it(`are followed by a test: ${name}`, () => {
      expect(tests.some((text) => text.includes(`followGuide("${name}"`))).to.equal(true);
      expect(page, "commands").to.match(/^```sh\n/m);
    });

    it(`are pages for the registry too: ${name}`, () => {
      expect(page).to.match(/^---\npage_title: ".+"\ndescription: \|-\n {2}.+\n---\n\n# .+\n/);
      const fences = Array.from(page.matchAll(/^```(\S*)[^\n]*\n[^]*?^```$/gm), ([, language]) => language);
      expect(LANGUAGES).to.include.members(fences);
    });
  }
});

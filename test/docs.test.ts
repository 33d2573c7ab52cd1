import { expect } from "chai";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(__dirname, "..");

/** A test that a document names: the file of the last link before it, and the words in quotes. */
interface Named {
  readonly file: string;
  readonly title: string;
}

/** Every quoted title after a link to a file under test/; a link holds until the next one. */
function namedTests(document: string): readonly Named[] {
  const text = readFileSync(join(ROOT, document), "utf8");
  const found: Named[] = [];
  let file: string | undefined;
  for (const [, link, title] of text.matchAll(/\]\(([^)]*test\/[^)]*\.ts)\)|"([^"]{6,})"/g)) {
    if (link !== undefined) file = join(dirname(document), link);
    else if (title !== undefined && file !== undefined)
      found.push({ file, title: title.replace(/\s+/g, " ") });
  }
  return found;
}

for (const [document, least] of [
  ["SECURITY.md", 30],
  ["docs/faults.md", 35],
] as const) {
  describe(`the tests that ${document} names`, () => {
    const named = namedTests(document);

    it("are many", () => {
      expect(named).to.have.length.above(least - 1);
    });

    for (const { file, title } of named) {
      it(`are there: ${file} "${title}"`, () => {
        expect(readFileSync(join(ROOT, file), "utf8")).to.include(title);
      });
    }
  });
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Registers hooks: one temporary folder for the tests of this suite, removed after them. */
export function useScratch(): { readonly path: (...names: string[]) => string } {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tf-test-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return { path: (...names) => join(folder, ...names) };
}

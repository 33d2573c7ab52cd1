// Builds what the npm package holds beside declarations: the programs, which dist/bin starts, and its entry points. They
// share the folder dist/lib.
import { writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "../root.mjs";
import { bundleEntry, bundleStarted, ENTRIES, notices, PROGRAMS } from "./bundle.mjs";

const dist = join(root, "dist");
const libraryOf = (outfile) => relative(dirname(outfile), join(dist, "lib")).replaceAll("\\", "/");

const programs = PROGRAMS.map((name) => bundleStarted(name, join(dist, `bin/${name}.js`), "../lib"));
const entries = Object.keys(ENTRIES).map((name) => {
  const outfile = join(dist, `${name}.js`);
  return bundleEntry(name, outfile, libraryOf(outfile));
});
const parts = (await Promise.all([...programs, ...entries])).flat();
writeFileSync(join(dist, "THIRD_PARTY_NOTICES.txt"), notices(parts));

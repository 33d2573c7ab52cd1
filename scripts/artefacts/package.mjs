// Builds what the npm package holds beside declarations: the programs, which dist/bin starts, and its entry points. They
// share the folder dist/lib.
import { writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "../root.mjs";
import { bundleEntry, bundleStarted, notices, PROGRAMS } from "./bundle.mjs";

const dist = join(root, "dist");
const ENTRIES = {
  "sdk/nodejs/resolvers": {},
  "sdk/nodejs/token": {},
  "sdk/nodejs/nodejs-sdk": {},
  "sdk/nodejs/ydb": {},
  "provider/dynamic/index": {},
  "emulator/index": {},
  // Pulumi writes the text of some functions in it into the state. Other names there would be a change of the resource.
  "sdk/nodejs/index": { minifyWhitespace: false, minifySyntax: false, lineLimit: 0 },
};

const libraryOf = (outfile) => relative(dirname(outfile), join(dist, "lib")).replaceAll("\\", "/");

const programs = PROGRAMS.map((name) => bundleStarted(name, join(dist, `bin/${name}.js`), "../lib"));
const entries = Object.entries(ENTRIES).map(([name, options]) => {
  const outfile = join(dist, `${name}.js`);
  return bundleEntry(`${name}.ts`, outfile, libraryOf(outfile), options);
});
const parts = (await Promise.all([...programs, ...entries])).flat();
writeFileSync(join(dist, "THIRD_PARTY_NOTICES.txt"), notices(parts));

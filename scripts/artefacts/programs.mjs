// Builds dist/bin/, the programs that the npm package brings. They share the folder `lib`.
import { readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../root.mjs";
import { bundleForNode, notices } from "./bundle.mjs";

const folder = join(root, "dist/bin");
const programs = ["yciam", "pulumi-resource-yciam", "terraform-provider-yciam"];

const parts = await Promise.all(programs.map((name) => bundleForNode(name, join(folder, `${name}.js`))));
writeFileSync(join(folder, "THIRD_PARTY_NOTICES.txt"), notices(parts.flat()));

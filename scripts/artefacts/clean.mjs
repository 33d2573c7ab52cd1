// What an earlier build left in dist would be packed too.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.mjs";

rmSync(join(root, "dist"), { recursive: true, force: true });

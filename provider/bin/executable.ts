import { basename } from "node:path";

/** What the executable is, by the beginning of the name that it is called by. Engines put a version after that. */
const PROGRAMS = ["docker-credential-yciam", "pulumi-resource-yciam", "terraform-provider-yciam"];

const name = basename(process.argv0);
// Each is a file of its own inside the executable: a program does not load the others.
const file = `./${PROGRAMS.find((program) => name.startsWith(program)) ?? "yciam"}.js`;
// eslint-disable-next-line @typescript-eslint/no-require-imports
require(file);

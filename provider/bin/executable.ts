import { basename } from "node:path";

/** What the executable is, by the beginning of the name that it is called by. Engines put a version after that. */
const PROGRAMS = ["docker-credential-yciam", "pulumi-resource-yciam", "terraform-provider-yciam"];

/** As much of the runtime, Bun, as is used. */
interface Runtime {
  readonly unsafe: { readonly setJITPolicy: (scale: number) => void };
}

/** Most runs are over by then; a longer one gains from code that is compiled to the machine's own. Milliseconds. */
const LONG_MS = 200;

// The executable is built so that it compiles late, which such a run would lose half of its time by.
const { Bun } = globalThis as unknown as { readonly Bun: Runtime };
setTimeout(() => Bun.unsafe.setJITPolicy(1), LONG_MS).unref();

const name = basename(process.argv0);
// Each is a file of its own inside the executable: a program does not load the others.
const file = `./${PROGRAMS.find((program) => name.startsWith(program)) ?? "yciam"}.js`;
// eslint-disable-next-line @typescript-eslint/no-require-imports
require(file);

import { basename } from "node:path";

/** Starts one host. Each is loaded only when it is the one that was called. */
type Start = (argv: readonly string[]) => Promise<void>;

/** What the one executable is, by the beginning of the name it is called by. Engines put a version after that. */
const PROGRAMS: Readonly<Record<string, Start>> = {
  "terraform-provider-yciam": async (argv) => (await import("../terraform/main.js")).main(argv.slice(2)),
  "docker-credential-yciam": async (argv) => (await import("../cli/main-docker.js")).main(argv),
  "pulumi-resource-yciam": async (argv) => (await import("../pulumi/main.js")).main(argv.slice(2)),
};

const command: Start = async (argv) => (await import("../cli/main.js")).main(argv);

/** The host for the name that a program was called by, such as `/opt/terraform-provider-yciam_v1.2.3`; else the command. */
export function programFor(calledBy: string): Start {
  const name = basename(calledBy);
  return Object.entries(PROGRAMS).find(([beginning]) => name.startsWith(beginning))?.[1] ?? command;
}

void programFor(process.argv0)(process.argv);

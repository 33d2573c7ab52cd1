import { expect } from "chai";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { bareEnvironment } from "../support/engine-env";
import { printing } from "./asking";
import { Cli } from "./run";

/** Tells every signal that it gets, and at what it is; SIGUSR2 ends it. */
const TELLING = `
for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) process.on(name, () => console.log(name));
process.on("SIGUSR2", () => { console.log("end"); process.exitCode = 5; clearInterval(timer); });
const timer = setInterval(() => {}, 1000);
const { isatty } = require("node:tty");
console.log("by " + process.ppid + " at " + [0, 1, 2].map((fd) => isatty(fd)));`;

describe("yciam exec, signals", function () {
  this.timeout(60_000);
  let cli: Cli;
  let child: ChildProcess;
  let until: (part: string) => Promise<string>;
  beforeEach(() => (cli = new Cli({ YC_IAM_TOKEN: "t1.handed.on" })));
  afterEach(() => {
    child.kill("SIGKILL");
    cli.cleanup();
  });

  const words = (flags: readonly string[]) => ["exec", ...flags, "--", process.execPath, "-e", TELLING];
  /** Sends signals, each once the one before has come, and answers those that the program told of. */
  async function send(...sends: readonly (readonly [name: NodeJS.Signals, by: () => unknown])[]) {
    for (const [name, by] of sends) {
      by();
      await until(`${name}\n`);
    }
  }
  /** Ends the program, which had all other signals before; answers what it told, and the exit code. */
  async function end(pid: number): Promise<readonly [told: readonly string[], code: number | null]> {
    process.kill(pid, "SIGUSR2");
    const [code] = (await once(child, "close")) as [number | null];
    return [(await until("end")).split("\n").slice(1, -2), code];
  }

  for (const flags of [[], ["--mask"]]) {
    it(`reach the program once where there is no terminal, sent to one process or to all of the group (${flags.join()})`, async function () {
      if (process.platform === "win32") return this.skip();
      child = cli.start(words(flags), ["ignore", "pipe", "inherit"], {}, true);
      until = printing(child);
      await until(" at ");
      const pid = child.pid as number;
      await send(
        ["SIGTERM", () => process.kill(-pid, "SIGTERM")],
        ["SIGINT", () => process.kill(pid, "SIGINT")],
        ["SIGHUP", () => process.kill(-pid, "SIGHUP")],
      );
      expect(await end(pid)).to.deep.equal([["SIGTERM", "SIGINT", "SIGHUP"], 5]);
    });
  }

  it("come from a terminal by itself, which is left to the program: Ctrl-C is one SIGINT and ends nothing early", async function () {
    // It gives a program a terminal; util-linux has it. Its shell must not mind Ctrl-C in the program's place.
    const quoted = cli.words(words([])).map((word) => `'${word}'`);
    const args = ["-qec", `exec ${quoted.join(" ")}`, "/dev/null"];
    const env = { ...bareEnvironment(cli.home), SHELL: "/bin/sh", YC_IAM_TOKEN: "t1.handed.on" };
    child = spawn("script", args, { env, cwd: cli.home, stdio: ["pipe", "pipe", "inherit"] });
    const isThere = await once(child, "spawn").then(
      () => process.platform === "linux",
      () => false,
    );
    if (!isThere) return this.skip();
    until = printing(child);
    const pid = Number(/by (\d+) at true,true,true/.exec(await until(" at "))?.[1]);
    await send(["SIGINT", () => child.stdin!.write("\x03")], ["SIGTERM", () => process.kill(pid, "SIGTERM")]);
    const [told, code] = await end(pid);
    // The terminal echoes what is typed.
    expect([told.map((line) => line.replace("^C", "")), code]).to.deep.equal([["SIGINT", "SIGTERM"], 5]);
  });
});

import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { bareEnvironment } from "../support/engine-env";
import { Cli, MAIN } from "./run";

describe("what goes wrong in yciam", function () {
  this.timeout(60_000);
  let cli: Cli;
  beforeEach(() => (cli = new Cli({ YC_IAM_TOKEN: "t1.printed.token" })));
  afterEach(() => cli.cleanup());

  /** Runs it with a standard output of the test's own. */
  async function runInto(stdout: number | "pipe", args: readonly string[]) {
    const env = { ...bareEnvironment(cli.home), YC_IAM_TOKEN: "t1.printed.token" };
    const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ["ignore", stdout, "pipe"] });
    child.stdout?.destroy();
    const stderr = text(child.stderr!);
    const [code] = (await once(child, "close")) as [number | null];
    return { code, stderr: await stderr };
  }

  it("is an output that cannot be written: code 1, and nothing of what it was", async () => {
    // Linux alone has a device that is full; a descriptor that is not open for writing is everywhere.
    const places = [
      [openSync(MAIN, "r"), "EBADF"],
      ...(existsSync("/dev/full") ? [[openSync("/dev/full", "w"), "ENOSPC"] as const] : []),
    ] as const;
    for (const [place, code] of places) {
      const failed = { code: 1, stderr: `yciam: the output could not be written (${code}).\n` };
      expect(await runInto(place, ["token"])).to.deep.equal(failed);
      expect(await runInto(place, ["token", "--help"])).to.deep.equal(failed);
      closeSync(place);
    }
  });

  it("is not that a reader has seen enough", async () => {
    expect(await runInto("pipe", ["token"])).to.deep.equal({ code: 0, stderr: "" });
  });

  for (const [how, body] of [
    ["in a call", 'throw new TypeError("canary")'],
    [
      "outside of any call",
      'setTimeout(() => { throw new TypeError("canary"); }); return new Promise(() => {})',
    ],
  ] as const) {
    it(`is told by its kind and place, and never by its message, for a defect ${how}`, async () => {
      const file = join(cli.home, "broken.js");
      const resolver = `{ name: "broken", summary: "B.", options: {}, resolve() { ${body}; } }`;
      writeFileSync(file, `exports.broken = ${resolver};`);
      const args = ["token", "--resolver-modules", file, "--resolvers", "broken"];
      const { code, stdout, stderr } = await cli.run(args);
      expect(stderr).to.match(/^yciam: an unexpected TypeError at broken\.js:1\. This is a defect of .+\n$/);
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    });
  }
});

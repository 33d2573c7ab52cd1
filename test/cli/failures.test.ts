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

  /** The message for a wrong command line; nothing else is printed. */
  async function wrongUsage(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await cli.run(args);
    expect({ code, stdout }, stderr).to.deep.equal({ code: 64, stdout: "" });
    return stderr;
  }

  it("is named where the usage is wrong", async () => {
    expect(await wrongUsage("token", "--outptu", "json")).to.equal(
      "yciam: unknown option '--outptu'\n(Did you mean --output?)\n",
    );
    expect(await wrongUsage("tokens")).to.equal("yciam: unknown command 'tokens'\n(Did you mean token?)\n");
    expect(await wrongUsage("token", "--output", "xml")).to.equal(
      "yciam: option '--output <format>' has a wrong value. Allowed choices are token, json, header, env.\n",
    );
    expect(await wrongUsage("token", "--retries")).to.match(
      /^yciam: option '--retries <.*>' argument missing/,
    );
    expect(await wrongUsage("emulator", "--nope")).to.match(/^yciam emulator: Unknown option '--nope'/);
  });

  it("never is told with a secret that was typed, wherever it stood", async () => {
    const canary = "Q0FOQVJZLTEyMw==";
    for (const args of [
      [canary],
      [`-${canary}`],
      ["token", canary],
      ["token", `--iam-token=${canary}`],
      ["token", `--${canary}`],
      ["token", "--output", `a' is invalid. ${canary}`],
      ["token", "--retries", canary],
      ["token", "--cache", canary],
      ["token", "--refresh-after", canary],
      ["token", "--resolvers", canary],
      ["token", "--option", canary],
      ["token", "--resolver-modules", canary.repeat(3)],
      ["explain", "--output", canary],
    ]) {
      const said = await wrongUsage(...args);
      expect(said, args.join(" ")).to.match(/^yciam: /);
      expect(said).not.to.include(canary.replace(/=+$/, ""));
    }
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

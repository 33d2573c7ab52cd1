import { expect } from "chai";
import { closeSync, existsSync, openSync } from "node:fs";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { Cli } from "./run";

describe("what goes wrong in yciam", function () {
  this.timeout(120_000);
  let cli: Cli;
  beforeEach(() => (cli = new Cli({ YC_IAM_TOKEN: "t1.printed.token" })));
  afterEach(() => cli.cleanup());

  /** Runs it with a standard output of the test's own. */
  async function runInto(stdout: number | "pipe", args: readonly string[]) {
    const child = cli.start(args, ["ignore", stdout, "pipe"]);
    child.stdout?.destroy();
    const stderr = text(child.stderr!);
    const [code] = (await once(child, "close")) as [number | null];
    return { code, stderr: await stderr };
  }

  it("is an output that cannot be written: code 1, and nothing of what it was", async () => {
    // Linux alone has a device that is full; a descriptor that is not open for writing is everywhere.
    const places = [
      [openSync(__filename, "r"), "EBADF"],
      ...(existsSync("/dev/full") ? [[openSync("/dev/full", "w"), "ENOSPC"] as const] : []),
    ] as const;
    for (const [place, code] of places) {
      const failed = { code: 1, stderr: `yciam: the output could not be written (${code}).\n` };
      for (const args of [["token"], ["token", "--help"]])
        expect(await runInto(place, args)).to.deep.equal(failed);
      closeSync(place);
    }
  });

  it("is not that a reader has seen enough", async () => {
    expect(await runInto("pipe", ["token"])).to.deep.equal({ code: 0, stderr: "" });
  });

  /** The message for a wrong command line; nothing else is printed. */
  async function wrongUsage(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await cli.run(args, { input: "t1.a.b" });
    expect({ code, stdout }, stderr).to.deep.equal({ code: 64, stdout: "" });
    return stderr;
  }

  for (const [line, says] of [
    ["token --outptu json", "unknown option '--outptu'\n(Did you mean --output?)"],
    ["tokens", "unknown command 'tokens'\n(Did you mean token?)"],
    ["token --output xml", "option '--output <format>' has a wrong value. Allowed choices are "],
    ["token --retries", "option '--retries <number>' argument missing"],
    ["token --retries many", "--retries must be a whole number from 0 to 20.\n"],
    ["token --cache cloud", "--cache must be one of: disk, memory, none.\n"],
    ["token --refresh-after soon", "--refresh-after is not a duration. Write a number with a unit, "],
    ["token --iam-endpoint http://example.com", "--iam-endpoint must use https"],
    ["token --option word", "--option must be written like vault.path=secret/yc: "],
    ["token --iam-token-token - --oauth-token-token -", "standard input can be read once: give `-` "],
    ["emulator --nope", "emulator: Unknown option '--nope'"],
  ] as const) {
    it(`is named where the usage is wrong, with code 64: ${line}`, async () => {
      const said = await wrongUsage(...line.split(" "));
      expect(said.replace(/^yciam:? /, "").slice(0, says.length)).to.equal(says);
    });
  }

  it("never is told with a secret that was typed, wherever it stood", async () => {
    const canary = "Q0FOQVJZLTEyMw==";
    const settings = ["retries", "cache", "refresh-after", "resolvers", "option"];
    for (const args of [
      ...["", "-", "token ", "token --iam-token=", "token --"].map((start) => `${start}${canary}`.split(" ")),
      ...settings.map((name) => ["token", `--${name}`, canary]),
      ["token", "--output", `a' is invalid. ${canary}`],
      ["token", "--resolver-modules", canary.repeat(3)],
      ["explain", "--output", canary],
    ]) {
      const said = await wrongUsage(...args);
      expect(said, args.join(" ")).to.match(/^yciam: /);
      expect(said).not.to.include(canary.replace(/=+$/, ""));
    }
  });

  it("is a credential that is missing or wrong: code 1, and what to do", async () => {
    const missing = await cli.run(["token", "--service-account-key-file", "/no/such/file"]);
    const none = await cli.run(["token"], { env: { YC_IAM_TOKEN: "" } });
    expect([missing.code, none.code]).to.deep.equal([1, 1]);
    expect(missing.stderr).to.match(
      /^yciam: --service-account-key-file names \/no\/such\/file, but there is no such/,
    );
    for (const says of ["--iam-token-token or YC_IAM_TOKEN", "name ycCli in --resolvers or YCIAM_RESOLVERS"])
      expect(none.stderr).to.include(says);
  });

  for (const [how, body] of [
    ["in a call", 'throw new TypeError("canary");'],
    [
      "outside of any call",
      'setTimeout(() => { throw new TypeError("canary"); }); return new Promise(() => {});',
    ],
    [
      "in a promise that nobody waits for",
      'Promise.reject(new TypeError("canary")); return new Promise(() => {});',
    ],
  ] as const) {
    it(`is told by its kind and place, and never by its message, for a defect ${how}`, async () => {
      const { code, stdout, stderr } = await cli.run(["token", ...cli.own(body)]);
      expect(stderr).to.match(/^yciam: an unexpected TypeError at mine\.js:2\. This is a defect of .+\n$/);
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    });
  }

  it("E6: is told without the control characters of names, which could give orders to a terminal", async () => {
    const name = "p\x1b[31m\x9b2J\u202e";
    const own = cli.own(
      `return unavailable("there is no " + ${JSON.stringify(name)}, ${JSON.stringify(name)});`,
    );
    const profile = [
      "--yc-profile-profile",
      name,
      "--yc-profile-config-file",
      cli.write("c.yaml", "current: a\n"),
    ];
    const json = await cli.run(["explain", "--output", "json", ...own]);
    for (const { stdout, stderr } of [
      json,
      await cli.run(["explain", ...own]),
      await cli.run(["token", ...own]),
      await cli.run(["token", ...profile]),
    ])
      expect(stdout + stderr)
        .to.match(/there is no p|profile/)
        .and.not.match(/[^\P{C}\n]/u);
    const { resolvers } = JSON.parse(json.stdout) as { resolvers: { reason: string }[] };
    expect(resolvers[0]?.reason, "read back from JSON").to.equal(`there is no ${name}`);
  });
});

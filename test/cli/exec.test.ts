import { expect } from "chai";
import { once } from "node:events";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { findCanaries } from "../support/canary";
import { readTree } from "../support/pulumi-files";
import { runsExecutable } from "../support/programs";
import { ok } from "../support/run-command";
import { asking, printing } from "./asking";
import { Cli } from "./run";

const isRoot = process.geteuid?.() === 0;
const isLinux = process.platform === "linux";

describe("yciam exec", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let key: KeyFile;
  let cli: Cli;

  beforeEach(async () => {
    emulator = await startEmulator();
    key = await emulator.createKey();
    cli = new Cli({ YCIAM_IAM_ENDPOINT: emulator.iamEndpoint, YC_SERVICE_ACCOUNT_KEY_FILE: "key.json" });
    cli.write("key.json", JSON.stringify(key));
  });
  afterEach(async () => {
    cli.cleanup();
    await emulator.close();
  });

  const issued = () => emulator.issuedTokens.at(-1)?.token ?? "none";
  /** What a program tells that is run with these flags. */
  const told = async (body: string, flags: readonly string[] = [], env: Record<string, string> = {}) => {
    const { stdout } = ok(await cli.run(["exec", ...flags, "--", ...asking(body)], { env }));
    return JSON.parse(stdout) as unknown;
  };
  const environment = async (flags: readonly string[], env: Record<string, string> = {}) =>
    (await told("tell(process.env)", flags, env)) as Record<string, string>;

  it("hands the token on in variables, with its end, and keeps back what it was made from", async () => {
    const stale = {
      YCIAM_IAM_TOKEN_EXPIRES_AT: "2020-01-01T00:00:00Z",
      YC_OAUTH_TOKEN: "y0_old",
      OWN: "own",
    };
    const env = await environment(["--env", "MINE", "--env", "TF_VAR_token", "--no-serve"], stale);
    const [token, { expiresAt } = expect.fail("no token")] = [issued(), emulator.issuedTokens.at(-1)];
    expect(env).to.include({
      YC_TOKEN: token,
      YC_IAM_TOKEN: token,
      MINE: token,
      TF_VAR_token: token,
      OWN: "own",
    });
    expect(Date.parse(env.YCIAM_IAM_TOKEN_EXPIRES_AT ?? "")).to.be.closeTo(expiresAt, 2000);
    expect(env).not.to.have.any.keys("YC_SERVICE_ACCOUNT_KEY_FILE", "YC_OAUTH_TOKEN");
    // The address of the test's own.
    expect(env.YC_METADATA_ADDR).to.equal("127.0.0.1:1");
    const kept = await environment(["--keep-credentials", "--no-serve"]);
    expect(kept).to.include({ YC_TOKEN: token, YC_SERVICE_ACCOUNT_KEY_FILE: "key.json" });
  });

  it("lets another yciam use that token, though variables say how the first came to its own", async () => {
    const { id } = emulator.addServiceAccount();
    emulator.grantTokenCreator(key.service_account_id, id);
    const env = { YCIAM_IMPERSONATE_SERVICE_ACCOUNT_ID: id };
    const { stdout } = ok(await cli.run(["exec", "--", ...cli.words(["token"])], { env }));
    expect([stdout, emulator.issuedTokens.at(-1)?.subjectId]).to.deep.equal([`${issued()}\n`, id]);
  });

  for (const [what, words, code, said = ""] of [
    ["its own", ["sh", "-c", "exit 7"], 7],
    ["128 and the number of the signal that ended it", ["sh", "-c", "kill -KILL $$"], 137],
    ["127 when there is no such program", ["no-such-program"], 127, "there is no such program"],
    ["126 when it cannot be run", ["./key.json"], 126, "the system refuses it (EACCES)"],
  ] as const) {
    it(`ends with the exit code of the program: ${what}`, async () => {
      for (const mask of ["--mask", "--no-mask"]) {
        const result = await cli.run(["exec", mask, "--", ...words]);
        expect([result.code, result.stdout]).to.deep.equal([code, ""]);
        expect(result.stderr).to.equal(said && `yciam: ${words[0]} cannot be run: ${said}.\n`);
      }
    });
  }

  const ENDS = '{ "$@"; echo "code $?" >&2; } | head -1';
  for (const [what, by, words, says] of [
    [
      "a reader has seen enough",
      ["sh", "-c", ENDS, "sh"],
      `trap "" PIPE; echo a; sleep .2; echo b; exit 9`,
      /^code 9$/m,
    ],
    [
      "what it left behind goes on printing",
      [],
      `(for i in $(seq 99); do echo a; sleep .2; done) & exit 9`,
      /^a$/m,
    ],
    ["loopback is down", ["unshare", "-n", "env", "YC_IAM_TOKEN=t1.a-ready.one"], "echo a; exit 9", /^a$/m],
    ["there is no place for a pipe", ["env", "TMPDIR=/proc"], "echo a; exit 9", /^a$/m],
    [
      "nobody minds that the terminal is gone",
      ["nohup"],
      "kill -HUP $PPID; sleep .1; echo a; exit 9",
      /^a$/m,
    ],
  ] as const) {
    it(`runs the program to its end, with output masked, though ${what}`, async function () {
      if (!isLinux || (by[0] === "unshare" && !isRoot)) return this.skip();
      // Node itself forgets at its start that a signal was to be ignored.
      if (by[0] === "nohup" && !runsExecutable) return this.skip();
      const ran = await cli.run(["exec", "--mask", "--", "sh", "-c", words], {}, by);
      expect(ran.stdout + ran.stderr).to.match(says);
      if (by[0] !== "sh") expect(ran.code).to.equal(9);
    });
  }

  it("leaves the words after the program to it, and refuses flags of its own that are wrong", async () => {
    const { stdout } = ok(await cli.run(["exec", "echo", "--mask", "--", "--version", "token"]));
    expect(stdout).to.equal("--mask -- --version token\n");
    for (const args of [["--env", "A=b", "true"], ["--env"], ["--serv", "--", "true"], []])
      expect((await cli.run(["exec", ...args])).code, args.join(" ")).to.equal(64);
    const noToken = await cli.run(["exec", "--", "echo", "ran"], {
      env: { YC_SERVICE_ACCOUNT_KEY_FILE: "" },
    });
    expect([noToken.code, noToken.stdout]).to.deep.equal([1, ""]);
  });

  describe("with --mask", () => {
    // In a test that does not mask, standard error is a socket, which cannot be opened by a name.
    const prints = (stderr: string) => `
      const print = async (text) => { process.stdout.write(text.slice(0, 9)); await wait(50); console.log(text.slice(9)); };
      const { YC_TOKEN: token } = process.env;
      await print(token);
      await print(Buffer.from("iam:" + token).toString("base64"));
      require("node:fs").writeFileSync(${stderr}, JSON.stringify(process.env) + JSON.stringify(await ask()));
      const key = await ask(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI, { Authorization: process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN });
      await print(key.body);
      console.log("the end t");`;

    for (const [what, flags, env, isMasked] of [
      ["--mask", ["--mask"], {}, true],
      ["the variable CI", [], { CI: "true" }, true],
      ["--no-mask in CI", ["--no-mask"], { CI: "true" }, false],
    ] as const) {
      it(`shows ${isMasked ? "no" : "every"} secret of the run: ${what}`, async function () {
        if (!isLinux) return this.skip();
        const words = asking(prints(isMasked ? '"/dev/stderr"' : "2"));
        const { stdout, stderr } = ok(await cli.run(["exec", ...flags, "--", ...words], { env }));
        const [{ secret, sessionToken } = expect.fail("no key")] = emulator.issuedAccessKeys;
        const canaries = Object.entries({ token: issued(), secret, sessionToken });
        const found = findCanaries(
          canaries.map(([name, value]) => ({ name, value })),
          [{ where: "the output", text: stdout + stderr }],
        );
        expect(found).to.have.length(isMasked ? 0 : 3);
        expect(stdout).to.match(/\nthe end t\n$/);
        expect(stderr).to.match(isMasked ? /"YC_TOKEN":"\*\*\*"/ : /"YC_TOKEN":"t1\./);
      });
    }

    it("shows all other output whole, before the program ends, and does not wait for what it left behind", async () => {
      const child = cli.start(
        [
          "exec",
          "--mask",
          "--",
          "sh",
          "-c",
          "printf 'Enter a t'; read answer; seq 1 200000; sleep 600 & echo $!",
        ],
        ["pipe", "pipe", "inherit"],
      );
      const until = printing(child);
      expect(await until("Enter a t")).to.equal("Enter a t");
      child.stdin!.end("yes\n");
      await once(child, "close");
      const printed = (await until("\n200000\n")).split("\n");
      expect(printed).to.have.length(200_002);
      process.kill(Number(printed.at(-2)));
    });
  });

  it("leaves nothing on the disk", async () => {
    const { stdout } = ok(await cli.run(["exec", "--mask", "--", "sh", "-c", "ls -A; ls -A $TMPDIR"]));
    expect(stdout).to.equal(".cache\nkey.json\n.cache\nkey.json\n");
    const left = [...readTree(cli.home)].map(([where, text]) => ({ where, text }));
    expect(left).to.have.length.above(1);
    expect(findCanaries([{ name: "token", value: issued() }], left)).to.deep.equal([]);
  });

  describe("with --serve", function () {
    before(function () {
      if (!isLinux) this.skip();
    });

    it("gives a new token in a run that outlives the first", async () => {
      const POLL = `
        tell("begun");
        for (;;) {
          const { status, body } = await ask();
          const { access_token } = JSON.parse(body);
          if (access_token !== process.env.YC_TOKEN) return console.log(access_token);
          await wait(50);
        }`;
      const args = ["exec", "--refresh-after", "1s", "--", ...asking(POLL)];
      const child = cli.start(args, ["ignore", "pipe", "inherit"]);
      const until = printing(child);
      await until("begun");
      const first = issued();
      emulator.clockOffsetMs = 13 * 3_600_000;
      await once(child, "close");
      const { token, expiresAt } = emulator.issuedTokens.at(-1) ?? expect.fail("no token");
      expect((await until("t1.")).split("\n")[1])
        .to.equal(token)
        .and.not.equal(first);
      expect(expiresAt).to.be.above(emulator.now());
    });

    it("gives a new one to a yciam in that run, too, and leaves it the old one where nobody serves any more", async () => {
      emulator.reuseWhileMs = Infinity;
      const again = [...cli.words(["token"]), "--refresh-after", "1ms"].map((word) => `'${word}'`).join(" ");
      const RUNS = `${again}; sleep 1; ${again}; YCIAM_EXEC_SERVER="127.0.0.1:1 \${YCIAM_EXEC_SERVER#* }" ${again}`;
      const args = ["exec", "--refresh-after", "1s", "--", "sh", "-c", RUNS];
      const { stdout } = ok(await cli.run(args));
      const [first, second] = emulator.issuedTokens.map(({ token }) => token);
      expect(stdout.trim().split("\n")).to.deep.equal([first, second, first]);
    });

    it("gives nothing to another user of the machine, nor to a page in a browser", async function () {
      if (!isRoot) return this.skip();
      const OTHER = `
        const answers = [await ask(), await ask(undefined, { ...FLAVOR, Host: "evil.example" })];
        process.setgid(65534); process.setuid(65534);
        tell([...answers, await ask()]);`;
      const answers = (await told(OTHER)) as { status: number; body: string }[];
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 403, 403]);
      const canary = [{ name: "token", value: issued() }];
      expect(
        answers.map(({ body }, at) => findCanaries(canary, [{ where: `${at}`, text: body }]).length),
      ).to.deep.equal([1, 0, 0]);
    });

    it("is refused, and by default left out, where users cannot be told apart", async function () {
      if (!isRoot) return this.skip();
      // In a user namespace of its own the user is `nobody`, as all others are.
      const run = (flag: string) =>
        cli.run(["exec", ...(flag === "" ? [] : [flag]), "--", "printenv", "YC_METADATA_ADDR"], {}, [
          "unshare",
          "--user",
        ]);
      const [asked, unasked] = [await run("--serve"), await run("")];
      if (/unshare: /.test(asked.stderr)) return this.skip();
      expect([asked.code, asked.stdout]).to.deep.equal([64, ""]);
      expect(asked.stderr).to.match(/^yciam: --serve is not to be had here: other users/);
      expect([unasked.code, unasked.stdout, unasked.stderr]).to.deep.equal([0, "127.0.0.1:1\n", ""]);
    });

    it("leaves a server of keys that the user has to AWS's clients", async () => {
      const own = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/own" };
      expect(await environment([], own))
        .to.include(own)
        .and.not.have.any.keys("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    });
  });
});

import { expect } from "chai";
import { type Emulator, startEmulator } from "../../emulator";
import { findCanaries } from "../support/canary";
import { ok } from "../support/run-command";
import { Cli } from "./run";

const COMMAND = "aws-credential-process";

describe("the command yciam aws-credential-process", function () {
  this.timeout(60_000);
  let emulator: Emulator;
  let cli: Cli;

  beforeEach(async () => {
    emulator = await startEmulator();
    cli = new Cli({ YCIAM_IAM_ENDPOINT: emulator.iamEndpoint, YC_SERVICE_ACCOUNT_KEY_FILE: "key.json" });
    cli.write("key.json", JSON.stringify(await emulator.createKey()));
  });
  afterEach(async () => {
    cli.cleanup();
    await emulator.close();
  });

  it("prints a key as it is asked for, and shows its secrets in no log; one token serves several keys", async () => {
    cli.write("policy.json", '{\n  "Statement": []\n}\n');
    const flags = ["--duration", "2h", "--session-name", "ci", "--policy", "policy.json", "--debug"];
    const { stdout, stderr } = ok(await cli.run([COMMAND, ...flags]));
    const { Expiration, ...key } = JSON.parse(stdout) as Record<string, string>;
    const [issued] = emulator.issuedAccessKeys;
    const { accessKeyId: AccessKeyId, secret: SecretAccessKey, sessionToken: SessionToken } = issued!;
    expect(key).to.deep.equal({ Version: 1, AccessKeyId, SecretAccessKey, SessionToken });
    expect(issued).to.include({ sessionName: "ci", policy: '{"Statement":[]}' });
    expect(Date.parse(Expiration!)).to.be.closeTo(emulator.now() + 2 * 3600_000, 60_000);
    const canaries = [SecretAccessKey, SessionToken].map((value) => ({ name: "a secret", value }));
    expect(stderr).to.include("debug: ");
    expect(findCanaries(canaries, [{ where: "stderr", text: stderr }])).to.deep.equal([]);
    expect(ok(await cli.run([COMMAND])).stderr).to.equal("");
    expect(emulator.counts).to.include({ exchanges: 1, ephemeralAccessKeys: 2 });
  });

  const mistakes: readonly (readonly [flags: readonly string[], code: number, said: RegExp])[] = [
    [["--duration", "5m"], 64, /^yciam: --duration must be 15m or more, and less than 12h\.\n$/],
    [["--session-name", "a b"], 64, /^yciam: --session-name must be/],
    [["--policy", "none.json"], 64, /^yciam: --policy names none\.json, which cannot be read \(ENOENT\)/],
    [["--policy", "key.txt"], 64, /^yciam: --policy is not a JSON object\.\n$/],
    [["--subject-id", "ajeother"], 1, /ephemeralAccessKeyAdmin/],
  ];
  for (const [flags, code, said] of mistakes) {
    it(`says on standard error alone what is wrong with ${flags.join(" ")}`, async () => {
      cli.write("key.txt", "no JSON");
      const result = await cli.run([COMMAND, ...flags]);
      expect(result).to.include({ code, stdout: "" });
      expect(result.stderr).to.match(said);
    });
  }
});

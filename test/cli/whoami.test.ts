import { expect } from "chai";
import { emulatorForAll } from "../resolvers/support";
import { ok } from "../support/run-command";
import { Cli } from "./run";

describe("the command yciam whoami", function () {
  this.timeout(60_000);
  const emulator = emulatorForAll();
  let cli: Cli;
  beforeEach(async () => {
    cli = new Cli({ YCIAM_IAM_ENDPOINT: emulator.current.iamEndpoint, YCIAM_RETRIES: "0" });
    cli.write("key.json", JSON.stringify(await emulator.current.createKey()));
  });
  afterEach(() => cli.cleanup());
  const run = (...args: string[]) => cli.run(["whoami", "--service-account-key-file", "key.json", ...args]);

  it("says in words and in JSON whose token it is and by which way, and prints no token", async () => {
    const { id } = emulator.current.addServiceAccount({ name: "robot\u001b[31m" });
    const plain = ok(await run()).stdout;
    const [, own = ""] = /^SUBJECT +(\S+)$/m.exec(plain) ?? [];
    expect(plain)
      .to.include(`sa-${own.slice(-4)} (SERVICE_ACCOUNT)\n`)
      .and.match(/^EXPIRES +\S+Z, in 11h 59m$/m);
    emulator.current.grantTokenCreator(own, id);
    const to = ["--impersonate-service-account-id", id];
    const table = ok(await run(...to)).stdout;
    expect(table).to.include("robot[31m (SERVICE_ACCOUNT)\n");
    expect(table).to.include(` serviceAccountKey ${own} -> impersonation ${id}\n`);
    const json = ok(await run(...to, "--output", "json")).stdout;
    expect(JSON.parse(json)).to.include({ subjectId: id, name: "robot\u001b[31m" });
    expect(emulator.current.issuedTokens).to.have.length(2);
    for (const { token } of emulator.current.issuedTokens) expect(table + json + plain).to.not.include(token);
  });

  it("ends with code 1 where no token can be had, and says why", async () => {
    emulator.current.faults.inject({ route: "tokens", status: 503 });
    const { code, stdout, stderr } = await run();
    expect([code, stdout]).to.deep.equal([1, ""]);
    expect(stderr).to.match(/^yciam: .*503/);
  });
});

import { expect } from "chai";
import { resolvers } from "../../provider/resolvers";
import { ok } from "../support/run-command";
import { Cli } from "./run";

describe("yciam resolvers", function () {
  this.timeout(60_000);
  let cli: Cli;
  before(() => (cli = new Cli()));
  after(() => cli.cleanup());

  it("lists for programs every resolver, its place in the chain, and each of its options", async () => {
    const rows = JSON.parse(ok(await cli.run(["resolvers", "--output", "json"])).stdout) as {
      name: string;
      place?: number;
      options: { flag: string; doc: string; variables: string[] }[];
    }[];
    expect(rows.map(({ name, options }) => [name, options.length])).to.deep.equal(
      resolvers.map(({ name, options }) => [name, Object.keys(options).length]),
    );
    expect(rows[1]).to.deep.include({ name: "serviceAccountKey", place: 2 });
    expect(rows[1]?.options[0]).to.deep.equal({
      flag: "--service-account-key-file",
      doc: resolvers[1]?.options.file?.doc,
      variables: ["YC_SERVICE_ACCOUNT_KEY_FILE"],
    });
    expect(rows.find(({ name }) => name === "command")).not.to.have.property("place");
  });

  it("lists the same for people", async () => {
    const { stdout } = ok(await cli.run(["resolvers"]));
    expect(stdout).to.match(
      /^1\. {3}iamToken\n {5}A.*\n {5}--iam-token-token +YC_IAM_TOKEN, YC_TOKEN .*\n {5}--iam-token-expires-at/,
    );
    expect(stdout).to.match(/\n\n-\. {3}command\n.*\n {5}--command-argv\n$/);
  });
});

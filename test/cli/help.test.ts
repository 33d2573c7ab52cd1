import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { kebabCase } from "../../provider/cli/spelling";
import { SETTINGS } from "../../provider/core/settings";
import { resolvers } from "../../provider/resolvers";
import { ok } from "../support/run-command";
import { eachInOwnWorld } from "./world";

const COMMANDS = ["token", "explain", "resolvers", "revoke", "emulator"];

describe("the help of yciam", function () {
  this.timeout(60_000);
  const world = eachInOwnWorld();
  const run = async (...args: string[]) => ok(await world.cli.run(args)).stdout;

  it("has a flag for every option", async () => {
    const help = await run("token", "--help");
    const paths = [
      ...Object.keys(SETTINGS),
      ...resolvers.flatMap(({ name, options }) => Object.keys(options).map((option) => `${name}.${option}`)),
      "impersonate.serviceAccountId",
    ];
    for (const path of paths) expect(help).to.match(new RegExp(`--${kebabCase(path)} <`));
  });

  it("names the variables, the defaults and the files for secrets", async () => {
    const help = await run("token", "--help");
    expect(help).to.match(/--timeout <duration> .*Default 30s\. \[YCIAM_TIMEOUT\]/);
    for (const flag of ["iam-token-token-file", "oauth-token-token-file", "function-context-token-file"])
      expect(help).to.include(`--${flag} <path>`);
    expect(help.match(/--workload-identity-token-file </g)).to.have.length(1);
    expect(help).not.to.include("--service-account-key-json-file");
  });

  it("is there for every command, with examples and exit codes for those that do something", async () => {
    const top = await run("--help");
    for (const command of COMMANDS) {
      expect(top).to.match(new RegExp(`^ {2}${command} `, "m"));
      const help = await run(command, "--help");
      expect(help).to.include(`Usage: yciam ${command}`);
      if (["token", "explain", "revoke"].includes(command))
        expect(help)
          .to.match(/Examples:\n {2}/)
          .and.match(/Exit codes: 0 .*130 interrupted\./s);
    }
  });

  it("lists the resolvers for people and for programs", async () => {
    const text = await run("resolvers");
    const rows = JSON.parse(await run("resolvers", "--output", "json")) as {
      name: string;
      place?: number;
      options: { flag: string; variables: string[] }[];
    }[];
    expect(rows.map(({ name }) => name)).to.deep.equal(resolvers.map(({ name }) => name));
    expect(rows[1]).to.deep.include({ name: "serviceAccountKey", place: 2 });
    expect(rows[1]?.options[0]).to.deep.equal({
      flag: "--service-account-key-file",
      variables: ["YC_SERVICE_ACCOUNT_KEY_FILE"],
    });
    expect(rows.find(({ name }) => name === "command")).not.to.have.property("place");
    expect(text)
      .to.match(/^1\. {3}iamToken\n/)
      .and.match(/\n-\. {3}command\n/);
    for (const { flag } of rows.flatMap(({ options }) => options)) expect(text).to.include(flag);
  });

  it("knows the version, which is the package's", async () => {
    const manifest = readFileSync(join(__dirname, "../../package.json"), "utf8");
    const { version } = JSON.parse(manifest) as { version: string };
    expect(await run("--version")).to.equal(`${version}\n`);
  });
});

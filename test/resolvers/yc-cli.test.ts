import { expect } from "chai";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { AppConfig } from "../../provider/app";
import { testContext } from "../support/context";
import { folderForEach } from "../support/folders";
import { callsOf, envOf, noting, writeProgram } from "./programs";
import { getToken, refusalOf, rowOf } from "./support";

const TOKEN = "t1.federatedusertoken.signature";

describe("ycCli", () => {
  const folder = folderForEach();
  const named: AppConfig = { resolvers: ["ycCli"], retries: 0 };
  const onPath = (env = {}, parts = {}) =>
    testContext({
      home: folder.path,
      env: { PATH: `${folder.path}${delimiter}${process.env["PATH"] ?? ""}`, ...env },
      ...parts,
    });
  const install = (body: string) => writeProgram(folder.path, "yc", noting(folder.path, body));
  const setUp = () => {
    mkdirSync(join(folder.path, ".config/yandex-cloud"), { recursive: true });
    writeFileSync(
      join(folder.path, ".config/yandex-cloud/config.yaml"),
      "current: fed\nprofiles: {fed: {}}\n",
    );
  };

  it("asks yc for a token, which has no known end", async () => {
    install(`echo ${TOKEN}`);
    const result = await getToken(named, onPath());
    expect(result.token.reveal()).to.equal(TOKEN);
    expect(result.resolver).to.equal("ycCli");
    expect(result).not.to.have.any.keys("expiresAt", "subjectId");
    expect(callsOf(folder.path)).to.deep.equal(["iam create-token --no-user-output --format text"]);
  });

  it("asks for the profile that is named, and from the program that is named", async () => {
    const path = writeProgram(folder.path, "my yc", noting(folder.path, `echo ${TOKEN}`));
    await getToken({ ycCli: { path, profile: "prod" } }, onPath());
    expect(callsOf(folder.path)).to.deep.equal([
      "iam create-token --no-user-output --format text --profile prod",
    ]);
    await getToken({ ...named, ycCli: { path: "~/my yc" } }, onPath());
  });

  it("passes the endpoint on where it is not yc's own default", async () => {
    install(`echo ${TOKEN}`);
    await getToken({ ...named, installation: "kz" }, onPath());
    await getToken({ ...named, endpoint: "https://api.cloud.example:8443" }, onPath());
    expect(callsOf(folder.path).map((call) => call.split(" text ")[1])).to.deep.equal([
      "--endpoint api.yandexcloud.kz:443",
      "--endpoint api.cloud.example:8443",
    ]);
  });

  it("lets nothing of the environment go before the profile", async () => {
    install(`echo ${TOKEN}`);
    await getToken(named, onPath({ YC_IAM_TOKEN: "t1.other.token", HTTPS_PROXY: "http://127.0.0.1:1" }));
    expect(envOf(folder.path).filter((line) => line.startsWith("YC_"))).to.deep.equal([
      "YC_METADATA_ADDR=127.0.0.1:1",
      "YC_CLI_INITIALIZATION_SILENCE=true",
    ]);
    expect(envOf(folder.path)).to.include("HTTPS_PROXY=http://127.0.0.1:1");
  });

  describe("in a chain", () => {
    const row = (parts = {}, env = {}) => rowOf("ycCli", { retries: 0 }, onPath(env, parts));

    it("runs nothing away from a terminal", async () => {
      install(`echo ${TOKEN}`);
      setUp();
      expect(await row()).to.include({
        outcome: "unavailable",
        reason: "yc is asked only when it is named, or at a terminal",
        remedy: "name ycCli in resolvers or YCIAM_RESOLVERS",
      });
      expect(existsSync(join(folder.path, "calls"))).to.equal(false);
    });

    it("is unavailable where yc is not installed, or was never set up", async () => {
      expect(await row({ interactive: true }, { PATH: folder.path })).to.include({
        outcome: "unavailable",
        reason: "the program yc is not installed, or not on PATH",
        remedy: "install yc, or set ycCli.path",
      });
      install(`echo ${TOKEN}`);
      const neverSetUp = await row({ interactive: true });
      expect(neverSetUp).to.include({ outcome: "unavailable", remedy: "run `yc init`" });
      expect(neverSetUp?.reason).to.match(/^yc was never set up here \(/);
    });
  });

  describe("refuses", () => {
    const failing = "(echo 'A new version'; echo 'ERROR: no profile prod'; echo more) >&2; exit 3";
    const outage = "echo 'ERROR: rpc error: code = Unavailable desc = no connection' >&2; exit 1";
    const told = /^`yc iam create-token` failed with exit code 3: ERROR: no profile prod$/;
    const cases: readonly [string, string, string, RegExp][] = [
      ["a failure, with the line that is an error", failing, "CREDENTIAL", told],
      ["a failure without a word", "exit 1", "CREDENTIAL", /exit code 1 and said nothing$/],
      ["an outage, which is not the credential's fault", outage, "SERVICE", /code = Unavailable/],
      ["silence", "exit 0", "CREDENTIAL", /the token of `yc iam create-token` is empty/],
      ["talk in place of a token", "echo Please sign in first", "CREDENTIAL", /has a line break, a space/],
      ["a flood", "yes tokentokentoken", "CREDENTIAL", /it wrote more than 1 MiB/],
      ["its own death", "kill -9 $$", "SERVICE", /was ended: by a signal/],
    ];
    for (const [name, body, code, message] of cases) {
      it(name, async () => {
        install(body);
        const error = await refusalOf(named, onPath());
        expect(error.code).to.equal(`ERR_YCIAM_${code}`);
        expect(error.message).to.match(message);
      });
    }

    it("more than a short summary of what yc says, and any token in it", async () => {
      const long = "x".repeat(500);
      install(`echo 'ERROR: bad ${TOKEN} ${long}' >&2; exit 1`);
      const { message } = await refusalOf(named, onPath());
      expect(message).to.match(/: ERROR: bad \[secret\] x+…$/);
      expect(message.length).to.be.lessThan(260);
    });

    it("to wait for longer than the time allowed", async () => {
      install("trap '' TERM; exec sleep 20");
      const start = Date.now();
      const error = await refusalOf({ ...named, timeout: "300ms" }, onPath());
      expect(Date.now() - start).to.be.lessThan(5000);
      expect(error.code).to.equal("ERR_YCIAM_SERVICE");
    });

    it("a program that is not there, or may not be run", async () => {
      const path = join(folder.path, "no-yc");
      const refusal = async () => (await refusalOf({ ycCli: { path } }, onPath())).message;
      expect(await refusal()).to.equal(
        `ycCli.path names ${path}, but there is no such program. Give the path of yc.`,
      );
      writeFileSync(path, "#!/bin/sh\n");
      expect(await refusal()).to.match(/may not be run by this user/);
    });

    it("a profile that yc would read as a flag", async () => {
      install(`echo ${TOKEN}`);
      const error = await refusalOf({ ycCli: { profile: "--debug" } }, onPath());
      expect(error).to.include({ code: "ERR_YCIAM_OPTION", option: "ycCli.profile" });
      expect(existsSync(join(folder.path, "calls"))).to.equal(false);
    });
  });
});

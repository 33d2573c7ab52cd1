import { expect } from "chai";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { testContext } from "../support/context";
import { folderForEach } from "../support/folders";
import { at, emulatorForAll, getToken, keyForAll, refusalOf, rowOf, warningsOf } from "./support";

const OAUTH_TOKEN = "y0_AgAAAAABprofileoauthtoken0123456789abcdefghijklmnopqrstuvw";

describe("ycProfile", () => {
  const emulator = emulatorForAll();
  const home = folderForEach();
  const key = keyForAll(emulator);
  before(() => {
    emulator.current.addOauthToken({ token: OAUTH_TOKEN, subjectId: "ajeuser" });
  });

  const usual = () => join(home.path, ".config", "yandex-cloud", "config.yaml");
  const writeConfig = (text: string, path = usual()) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const profiles = (all: object, current: string | undefined = Object.keys(all)[0]) =>
    writeConfig(stringify({ current, profiles: all }));
  const context = (parts = {}) => testContext({ home: home.path, ...parts });
  const chain = () => at(emulator.current);
  const named = (ycProfile = {}) => ({ ...chain(), ycProfile, resolvers: ["ycProfile"] });
  const rowInChain = () => rowOf("ycProfile", chain(), context());
  const refusal = async (config = chain()) => {
    const error = await refusalOf(config, context());
    expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
    expect(emulator.current.requests).to.deep.equal([]);
    return error.message;
  };

  it("uses the key of the profile in use, or of the one that is named, by option or variable", async () => {
    const prod = { "service-account-key": key.current, "cloud-id": "b1g" };
    const subjectId = key.current.service_account_id;
    const env = { YCIAM_YC_PROFILE_PROFILE: "prod" };
    profiles({ prod, other: { token: "x" } });
    expect(await getToken(chain(), context())).to.include({ resolver: "ycProfile", subjectId });
    profiles({ other: { token: "x" }, prod });
    expect((await getToken(named({ profile: "prod" }), context())).subjectId).to.equal(subjectId);
    expect((await getToken(chain(), context({ env }))).subjectId).to.equal(subjectId);
  });

  it("reads another file when told to, with its home folder expanded", async () => {
    const text = stringify({ current: "a", profiles: { a: { "service-account-key": key.current } } });
    writeConfig(text, join(home.path, "yc", "my.yaml"));
    const result = await getToken({ ...chain(), ycProfile: { configFile: "~/yc/my.yaml" } }, context());
    expect(result.subjectId).to.equal(key.current.service_account_id);
  });

  it("exchanges the OAuth token of a profile, with the same warning as for one given directly", async () => {
    profiles({ me: { token: OAUTH_TOKEN } });
    const asked = context();
    expect((await getToken(chain(), asked)).resolver).to.equal("ycProfile");
    expect(warningsOf(asked)).to.have.length(1);
    expect(warningsOf(asked)[0]).to.match(/2026-12-31.*serviceAccountKey/);
  });

  it("I2: stops at a profile of the instance where no metadata service answers, and says what to do", async () => {
    profiles({ vm: { "instance-service-account": true } });
    const env = { YC_OAUTH_TOKEN: OAUTH_TOKEN };
    const error = await refusalOf({ ...chain(), resolvers: ["ycProfile", "oauthToken"] }, context({ env }));
    expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
    expect(error.message).to.match(
      /^the profile "vm" in .* takes the service account of this instance .*, but nothing answers at .*\. To mend it, run where a service account is attached, or set YC_METADATA_ADDR, or choose another profile with ycProfile\.profile\.$/,
    );
  });

  it("asks the metadata service for a profile of the instance", async () => {
    profiles({ vm: { "instance-service-account": true } });
    const env = { YC_METADATA_ADDR: emulator.current.metadataAddress };
    const result = await getToken(named(), context({ env }));
    expect(result.resolver).to.equal("ycProfile");
    expect(result.token.reveal()).to.equal(emulator.current.issuedTokens.at(-1)?.token);
    const wrong = context({ env: { YC_METADATA_ADDR: "http://x/" } });
    expect((await refusalOf(named(), wrong)).message).to.match(/^YC_METADATA_ADDR is not an address/);
  });

  describe("has nothing to offer", () => {
    it("where yc was never set up", async () => {
      expect(await rowInChain()).to.include({
        outcome: "unavailable",
        reason: `yc has no configuration here (${usual()})`,
        remedy: "run `yc init`, or set ycProfile.configFile",
      });
    });

    for (const text of ["", "profiles: {}\n", "# nothing yet\n", "current: ''\n"]) {
      it(`in a file without a profile: ${JSON.stringify(text)}`, async () => {
        writeConfig(text);
        expect((await rowInChain())?.reason).to.match(/has no profile in use$/);
      });
    }

    for (const [what, profile, reason] of [
      ["federated profile", { "federation-id": "bpf0", "cloud-id": "b1g" }, /"mine" in .* is of a federated/],
      ["profile without a credential", { "cloud-id": "b1g" }, /"mine" in .* holds no credential of its own/],
    ] as const) {
      it(`in a ${what}, and says that yc itself is the way`, async () => {
        profiles({ mine: profile });
        const row = await rowInChain();
        expect(row?.outcome).to.equal("unavailable");
        expect(row?.reason).to.match(reason);
        expect(row?.remedy).to.match(/ycCli/);
      });
    }
  });

  describe("stops", () => {
    for (const [text, line] of [
      ['current: a\nprofiles:\n  a:\n    token: "CANARY\n    x: [1\n', /line \d+ \([A-Z_]+\)/],
      ["current: a\nprofiles:\n\tb: 1\n", /line 3 \([A-Z_]+\)/],
      ["current: a\nprofiles:\n  a: *CANARY\n", /line 3 \(UNKNOWN_ALIAS\)\./],
      ["a: &b 1\n\nprofiles: [*b, *d]\n", /line 3 \(UNKNOWN_ALIAS\)\./],
    ] as const) {
      it(`at a malformed file, naming the line and nothing of what is in it: ${JSON.stringify(text)}`, async () => {
        const path = writeConfig(text);
        const message = await refusal();
        expect(message).to.include(`(${path}) is not valid YAML: line `).and.match(line);
        expect(message).not.to.include("CANARY");
      });
    }

    const swelling = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`);
    for (const [what, text] of [
      ["a list", "- a\n- b\n"],
      ["a text", "just text\n"],
      ["one whose profiles are a list", "current: a\nprofiles: [a]\n"],
      ["one with aliases that would swell without end", `a0: &a0 [x]\n${swelling.join("\n")}\n`],
    ] as const) {
      it(`at a file that is no configuration: ${what}`, async () => {
        writeConfig(text);
        expect(await refusal()).to.match(/is not a configuration of yc/);
      });
    }

    it("at a profile that is not there, and lists those that are", async () => {
      profiles({ one: {}, two: {} });
      expect(await refusal(named({ profile: "three" }))).to.match(
        /^ycProfile\.profile names the profile "three", but .* has only: "one", "two"\.$/,
      );
      for (const name of ["gone", "constructor"]) {
        profiles({ one: {} }, name);
        expect(await refusal()).to.match(new RegExp(`^\`current\` names the profile "${name}"`));
      }
      profiles({}, "gone");
      expect(await refusal()).to.match(/has no profile at all/);
    });

    it("at a profile asked for where yc has no configuration", async () => {
      expect(await refusal(named({ profile: "prod" }))).to.equal(
        `ycProfile.profile names the profile "prod", but yc has no configuration here: there is no file ${usual()}. To mend it, run \`yc init\`, or set ycProfile.configFile.`,
      );
    });

    const noId = { private_key: "x", service_account_id: "y" };
    const noString = /`token` of the profile "broken" .* is not a string/;
    const iamToken = /is an IAM token, which lives 12h at most.*YC_IAM_TOKEN/;
    const broken: readonly [string, object, RegExp][] = [
      ["a key without its id", { "service-account-key": noId }, /`id`/],
      ["a key that is text", { "service-account-key": "path.json" }, /must be a JSON object/],
      ["a token that is a number", { token: 7 }, noString],
      ["a token of two lines", { token: "a\nb" }, /line break/],
      ["an IAM token", { token: "t1.abcdef.ghijkl" }, iamToken],
      // A credential of another installation is sent to nobody.
      [
        "an endpoint of another installation",
        { token: OAUTH_TOKEN, endpoint: "api.yandexcloud.kz:443" },
        /is for the endpoint api\.yandexcloud\.kz, but api\.cloud\.yandex\.net is in use here\. Set endpoint to api\.yandexcloud\.kz/,
      ],
    ];
    for (const [name, profile, message] of broken) {
      it(`at ${name}`, async () => {
        profiles({ broken: profile });
        expect(await refusal())
          .to.match(message)
          .and.include('profile "broken"');
      });
    }
  });

  it("goes on when the endpoint in the profile is the one in use", async () => {
    const endpoint = emulator.current.url;
    profiles({ ru: { "service-account-key": key.current, endpoint: "api.cloud.yandex.net:443" } });
    expect((await getToken(chain(), context())).resolver).to.equal("ycProfile");
    profiles({ own: { token: OAUTH_TOKEN, endpoint } });
    expect((await getToken({ retries: 0, endpoint }, context())).resolver).to.equal("ycProfile");
  });
});

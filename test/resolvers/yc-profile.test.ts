import { expect } from "chai";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { KeyFile } from "../../emulator";
import { createApp } from "../../provider/app";
import { testContext } from "../support/context";
import { folderForEach } from "../support/folders";
import { at, emulatorForAll, getToken, refusalOf } from "./support";

const OAUTH_TOKEN = "y0_AgAAAAABprofileoauthtoken0123456789abcdefghijklmnopqrstuvw";

describe("ycProfile", () => {
  const emulator = emulatorForAll();
  const home = folderForEach();
  let key: KeyFile;
  before(async () => {
    key = await emulator.current.createKey();
    emulator.current.addOauthToken({ token: OAUTH_TOKEN, subjectId: "ajeuser" });
  });

  const writeConfig = (text: string, path = join(home.path, ".config", "yandex-cloud", "config.yaml")) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const profiles = (all: object, current: string | undefined = Object.keys(all)[0]) =>
    writeConfig(stringify({ current, profiles: all }));
  const context = (parts = {}) => testContext({ home: home.path, ...parts });
  const named = (more = {}) => ({
    ...at(emulator.current),
    ycProfile: {},
    resolvers: ["ycProfile"],
    ...more,
  });
  const chain = () => at(emulator.current);
  const reasonInChain = async () => {
    const { resolvers } = await createApp(chain(), context()).explain();
    return resolvers.find(({ resolver }) => resolver === "ycProfile");
  };

  it("uses the key of the profile in use", async () => {
    profiles({ prod: { "service-account-key": key, "cloud-id": "b1g" }, other: { token: "x" } });
    const result = await getToken(chain(), context());
    expect(result).to.include({ resolver: "ycProfile", subjectId: key.service_account_id });
  });

  it("uses the profile that is named, by option or variable", async () => {
    profiles({ other: { token: "x" }, prod: { "service-account-key": key } });
    expect((await getToken(named({ ycProfile: { profile: "prod" } }), context())).subjectId).to.equal(
      key.service_account_id,
    );
    const env = { YCIAM_YC_PROFILE_PROFILE: "prod" };
    expect((await getToken(chain(), context({ env }))).subjectId).to.equal(key.service_account_id);
  });

  it("reads another file when told to, with its home folder expanded", async () => {
    const text = stringify({ current: "a", profiles: { a: { "service-account-key": key } } });
    writeConfig(text, join(home.path, "yc", "my.yaml"));
    const result = await getToken({ ...chain(), ycProfile: { configFile: "~/yc/my.yaml" } }, context());
    expect(result.subjectId).to.equal(key.service_account_id);
  });

  it("exchanges the OAuth token of a profile, with the same warning as for one given directly", async () => {
    profiles({ me: { token: OAUTH_TOKEN } });
    const asked = context();
    expect((await getToken(chain(), asked)).resolver).to.equal("ycProfile");
    expect(asked.logs.filter(({ level }) => level === "warn").map(({ message }) => message)).to.have.length(
      1,
    );
    expect(asked.logs.find(({ level }) => level === "warn")?.message).to.match(
      /2026-12-31.*serviceAccountKey/,
    );
  });

  it("says of a profile of the instance what sets the metadata service's address, where none answers", async () => {
    profiles({ vm: { "instance-service-account": true } });
    const { message } = await refusalOf(named(), context());
    expect(message).to.match(/: run where a service account is attached, or set YC_METADATA_ADDR\.$/);
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
      expect(await reasonInChain()).to.include({
        outcome: "unavailable",
        reason: `yc has no configuration here (${join(home.path, ".config/yandex-cloud/config.yaml")})`,
        remedy: "run `yc init`, or set ycProfile.configFile",
      });
    });

    for (const text of ["", "profiles: {}\n", "# nothing yet\n", "current: ''\n"]) {
      it(`in a file without a profile: ${JSON.stringify(text)}`, async () => {
        writeConfig(text);
        expect((await reasonInChain())?.reason).to.match(/has no profile in use$/);
      });
    }

    it("in a federated profile, and says that yc itself is the way", async () => {
      profiles({ fed: { "federation-id": "bpf0", "cloud-id": "b1g" } });
      const row = await reasonInChain();
      expect(row?.outcome).to.equal("unavailable");
      expect(row?.reason).to.match(/profile fed in .* is of a federated user/);
      expect(row?.remedy).to.match(/ycCli/);
      const error = await refusalOf(named(), context());
      expect(error.code).to.equal("ERR_YCIAM_NO_CREDENTIAL");
      expect(error.message).to.match(/federated user.*ycCli/);
    });

    it("in a profile without a credential", async () => {
      profiles({ web: { "cloud-id": "b1g" } });
      expect((await reasonInChain())?.reason).to.match(/holds no credential of its own/);
    });
  });

  describe("stops", () => {
    const secret = "AQVNsecretvalue0123456789";

    it("at a malformed file, naming the line and nothing of what is in it", async () => {
      const path = writeConfig(`current: a\nprofiles:\n  a:\n    token: "${secret}\n    x: [1\n`);
      const error = await refusalOf(chain(), context());
      expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
      expect(error.message)
        .to.match(/is not valid YAML: line \d+ \([A-Z_]+\)/)
        .and.include(path);
      expect(error.message).not.to.include(secret);
      writeConfig("current: a\nprofiles:\n\tb: 1\n");
      expect((await refusalOf(chain(), context())).message).to.match(/line 3 /);
    });

    for (const text of ["- a\n- b\n", "just text\n", "current: a\nprofiles: [a]\n"]) {
      it(`at a file that is no configuration: ${JSON.stringify(text)}`, async () => {
        writeConfig(text);
        expect((await refusalOf(chain(), context())).message).to.match(
          /no(t a)? (configuration of yc|valid YAML)/,
        );
      });
    }

    it("at an alias to nothing, and names its line", async () => {
      for (const text of ["current: a\nprofiles:\n  a: *CANARY\n", "a: &b 1\n\nprofiles: [*b, *d]\n"]) {
        writeConfig(text);
        const { message } = await refusalOf(chain(), context());
        expect(message)
          .to.match(/is not valid YAML: line 3 \(UNKNOWN_ALIAS\)\./)
          .and.not.include("CANARY");
      }
    });

    it("at aliases that would swell without end", async () => {
      const lines = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`);
      writeConfig(`a0: &a0 [x]\n${lines.join("\n")}\n`);
      expect((await refusalOf(chain(), context())).message).to.match(/is not a configuration of yc/);
    });

    it("at a profile that is not there, and lists those that are", async () => {
      profiles({ one: {}, two: {} });
      const { message } = await refusalOf(named({ ycProfile: { profile: "three" } }), context());
      expect(message).to.match(/^ycProfile\.profile names the profile "three", but .* has only: one, two\.$/);
      profiles({ one: {} }, "gone");
      expect((await refusalOf(chain(), context())).message).to.match(/^`current` names the profile "gone"/);
      profiles({}, "gone");
      expect((await refusalOf(chain(), context())).message).to.match(/has no profile at all/);
    });

    it("at a name that every object has", async () => {
      profiles({ one: {} }, "constructor");
      expect((await refusalOf(chain(), context())).message).to.match(/names the profile "constructor"/);
    });

    it("at a profile asked for where yc has no configuration", async () => {
      const { message } = await refusalOf(named({ ycProfile: { profile: "prod" } }), context());
      const path = join(home.path, ".config", "yandex-cloud", "config.yaml");
      expect(message).to.equal(
        `ycProfile.profile names the profile "prod", but yc has no configuration here: there is no file ${path}. To mend it, run \`yc init\`, or set ycProfile.configFile.`,
      );
    });

    const broken: readonly [string, object, RegExp][] = [
      [
        "a key without its id",
        { "service-account-key": { private_key: "x", service_account_id: "y" } },
        /`id`/,
      ],
      ["a key that is text", { "service-account-key": "path.json" }, /must be a JSON object/],
      ["a token that is a number", { token: 7 }, /`token` of the profile broken .* is not a string/],
      ["a token of two lines", { token: "a\nb" }, /line break/],
      [
        "an IAM token",
        { token: "t1.abcdef.ghijkl" },
        /is an IAM token, which lives 12h at most.*YC_IAM_TOKEN/,
      ],
    ];
    for (const [name, profile, message] of broken) {
      it(`at ${name}`, async () => {
        profiles({ broken: profile });
        const error = await refusalOf(chain(), context());
        expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
        expect(error.message).to.match(message).and.include("profile broken");
        expect(emulator.current.requests).to.deep.equal([]);
      });
    }
  });

  describe("with an endpoint in the profile", () => {
    it("sends no credential of another installation", async () => {
      profiles({ kz: { token: OAUTH_TOKEN, endpoint: "api.yandexcloud.kz:443" } });
      const error = await refusalOf(chain(), context());
      expect(error.message).to.match(
        /profile kz .* is for the endpoint api\.yandexcloud\.kz, but api\.cloud\.yandex\.net is in use here\. Set endpoint to api\.yandexcloud\.kz/,
      );
      expect(emulator.current.requests).to.deep.equal([]);
    });

    it("goes on when it is the one in use", async () => {
      profiles({ ru: { "service-account-key": key, endpoint: "api.cloud.yandex.net:443" } });
      expect((await getToken(chain(), context())).resolver).to.equal("ycProfile");
      profiles({ own: { token: OAUTH_TOKEN, endpoint: emulator.current.url } });
      const own = { retries: 0, endpoint: emulator.current.url };
      expect((await getToken(own, context())).resolver).to.equal("ycProfile");
    });
  });
});

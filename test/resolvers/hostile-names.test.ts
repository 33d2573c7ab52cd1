import { expect } from "chai";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { AppConfig } from "../../provider/app";
import { testContext } from "../support/context";
import { folderForEach } from "../support/folders";
import { refusalOf } from "./support";

/** Moves the cursor of a terminal, rings, begins a line of its own, and turns what follows around. */
const HOSTILE = "a\u001b[2J\u0007\nwarning: all is well\u202e";

describe("what stands in a user's file", () => {
  const folder = folderForEach();
  const home = (config: object): string => {
    const file = join(folder.path, ".config/yandex-cloud/config.yaml");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, stringify(config));
    return folder.path;
  };
  const shown = async (config: AppConfig, parts: Parameters<typeof testContext>[0]) =>
    (await refusalOf(config, testContext(parts))).message;

  const named = { resolvers: ["ycProfile"] };
  const places: readonly [string, AppConfig, object][] = [
    ["the profile in use", named, { current: HOSTILE, profiles: { [HOSTILE]: { token: 7 } } }],
    ["a profile without a credential", named, { current: HOSTILE, profiles: { [HOSTILE]: {} } }],
    ["the profiles there are", { ycProfile: { profile: "b" } }, { profiles: { [HOSTILE]: {} } }],
    ["a profile that was asked for", { ycProfile: { profile: HOSTILE } }, { profiles: { b: {} } }],
    [
      "a profile's endpoint",
      named,
      { current: "b", profiles: { b: { token: "y0_AgAAAA", endpoint: HOSTILE } } },
    ],
  ];
  for (const [what, config, yaml] of places) {
    it(`E6: reaches no terminal with control characters in it: ${what}`, async () => {
      const message = await shown(config, { home: home(yaml) });
      // One line break stands between the lines of our own message.
      expect(message.replace("credential:\n  ycProfile:", "")).to.not.match(/[\u0000-\u001f\u007f\u202e]/);
    });
  }

  it("E4: does not throw a library's own error, which quotes the file, for a key with an alias to nowhere", async () => {
    const file = join(folder.path, "key.yaml");
    writeFileSync(file, "id: ajekey\nservice_account_id: aje\nprivate_key: *CANARY\n");
    const error = await refusalOf({ serviceAccountKey: { file } }, testContext());
    expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
    expect(error.message)
      .to.match(/is not JSON\. It must be the file that/)
      .and.not.contain("CANARY");
  });
});

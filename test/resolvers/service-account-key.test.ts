import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { createFiles } from "../../provider/platform/files";
import { testContext } from "../support/context";
import { folderForEach } from "../support/folders";
import { at, emulatorForAll, getToken, keyForAll, refusalOf } from "./support";

describe("resolver serviceAccountKey", () => {
  const emulator = emulatorForAll();
  const key = keyForAll(emulator);
  const home = folderForEach();
  const write = (name: string, text: string) => writeFileSync(join(home.path, name), text);
  beforeEach(() => {
    write("sa key.json", JSON.stringify(key.current, undefined, 2));
    write("key.yaml", stringify(key.current));
  });

  const context = (file?: string) =>
    testContext({
      home: home.path,
      files: createFiles(home.path),
      env: file === undefined ? {} : { YC_SERVICE_ACCOUNT_KEY_FILE: file },
    });

  type Way = readonly [what: string, options: (json: string) => object, variable?: (json: string) => string];
  const ways: readonly Way[] = [
    ["a path", () => ({ file: join(home.path, "sa key.json") })],
    ["a path of a key in YAML", () => ({ file: "~/key.yaml" })],
    ["a path from the home folder", () => ({ file: "~/sa key.json" })],
    ["the JSON in place of a path", (json) => ({ file: json })],
    ["the JSON, with space around it", (json) => ({ json: `\n ${json}\n` })],
    ["the object itself", () => ({ json: key.current })],
    ["a path in the variable", () => ({}), () => "~/sa key.json"],
    ["the JSON in the variable", () => ({}), (json) => json],
    ["JSON that is given before a path in the variable", (json) => ({ json }), () => "/no/such/file"],
  ];
  for (const [what, options, variable] of ways) {
    it(`takes ${what}`, async () => {
      const json = JSON.stringify(key.current);
      const given = { resolvers: ["serviceAccountKey"], serviceAccountKey: options(json) };
      const result = await getToken({ ...at(emulator.current), ...given }, context(variable?.(json)));
      expect(result).to.include({
        resolver: "serviceAccountKey",
        subjectId: key.current.service_account_id,
      });
    });
  }

  it("says of a pipe that nobody writes to what it is, once the time is up", async () => {
    const file = join(home.path, "pipe");
    execFileSync("mkfifo", [file]);
    const error = await refusalOf({ serviceAccountKey: { file }, timeout: "1s" }, context());
    expect(error.message).to.equal(
      `serviceAccountKey.file names ${file}, but it is a pipe, and no program wrote to it and closed it in the time allowed.`,
    );
    // Under Bun a pipe that is still read keeps its process alive. The command ends all the same.
    closeSync(openSync(file, "w"));
  });

  it("shows nothing of a key that stands in the place of a path, in Base64 or cut in any way", async () => {
    const { private_key: whole } = key.current;
    const base64 = Buffer.from(JSON.stringify(key.current)).toString("base64");
    const cuts = [base64.slice(0, 250), base64.slice(40, 90), whole.replaceAll("\n", "").slice(-200, -40)];
    for (const file of [whole, base64, ...cuts, `~/${base64}`]) {
      const { message } = await refusalOf({ serviceAccountKey: { file } }, context());
      expect(message).to.match(
        /^serviceAccountKey\.file names something that is no path, but (it|there is) /,
      );
    }
  });

  it("does not take two, since either may be the wrong one", async () => {
    const error = await refusalOf({ serviceAccountKey: { file: "a", json: "b" } }, context());
    expect(error.message).to.equal("give serviceAccountKey.file or serviceAccountKey.json, not both.");
  });

  const VARIABLE = "YC_SERVICE_ACCOUNT_KEY_FILE";
  const noJson = `${VARIABLE} (~/key) is not JSON. It must be the file that \`yc iam key create\` wrote.`;
  const large = `${VARIABLE} names ~/key, but it is larger than 1 MiB, so it is no credential.`;
  for (const [what, text, message] of [
    ["JSON that is broken", "{", noJson],
    ["YAML that is broken", "private_key: [CANARY\n  id: : x", noJson],
    ["what is larger than any key", " ".repeat(1024 * 1024 + 1), large],
  ] as const) {
    it(`names variable and path of a file that holds ${what}, and shows nothing of it`, async () => {
      write("key", text);
      expect((await refusalOf({}, context("~/key"))).message).to.equal(message);
    });
  }
});

import { expect } from "chai";
import { type Emulator, startEmulator } from "../../emulator";
import { findCanaries } from "../support/canary";
import { folderForEach } from "../support/folders";
import { PulumiProject } from "../support/pulumi";
import { emulatorEnv, rewrite } from "./support/plugin-project";
import { PROGRAMS, withYandex } from "./support/yandex-project";

const HOUR = 3_600_000;

type Step = readonly [program: keyof typeof PROGRAMS, command: string, ends: "works" | "401"];

/** What is run in a row. Before each row 13 hours go by; the first makes the stack. */
const STORIES: Readonly<Record<string, readonly (readonly Step[])[]>> = {
  "a token that the program asked for: --run-program": [
    [["pushed", "up", "works"]],
    [
      ["pushed", "refresh", "401"],
      ["pushed", "up --refresh", "401"],
      ["pushed", "refresh --run-program", "works"],
    ],
    [["pushed", "up --refresh --run-program", "works"]],
    [
      ["pushed", "destroy", "401"],
      ["pushed", "destroy --refresh --run-program", "401"],
      ["pushed", "destroy --run-program", "works"],
    ],
  ],
  "the token of an IamToken, which destroy does not renew: refresh --run-program first": [
    [["kept", "up", "works"]],
    [
      ["kept", "destroy --run-program", "401"],
      ["kept", "refresh --run-program", "works"],
    ],
    [["kept", "up --refresh --run-program", "works"]],
    [
      ["kept", "refresh --run-program", "works"],
      ["kept", "destroy", "works"],
    ],
  ],
  "a token of a provider that left the program with all that it made (pulumi 20404): take it out last": [
    [["pushed", "up", "works"]],
    [
      ["gone", "up --refresh --run-program", "401"],
      ["emptied", "up", "works"],
      ["gone", "up", "works"],
    ],
  ],
};

describe("a stack whose saved token has died, with the real engine", function () {
  this.timeout(120_000);
  const folder = folderForEach();
  let emulator: Emulator;
  let project: PulumiProject;
  before(async () => (emulator = await startEmulator()));
  after(() => emulator.close());
  afterEach(() => expect(project.cleanup(), "processes left running").to.equal(0));

  for (const [title, rows] of Object.entries(STORIES)) {
    it(`holds ${title}`, async () => {
      const plugins = withYandex(folder.path);
      const key = JSON.stringify(await emulator.createKey());
      const env = {
        ...emulatorEnv(emulator),
        TEST_CLOUD_URL: emulator.url,
        YC_SERVICE_ACCOUNT_KEY_FILE: key,
      };
      project = await PulumiProject.create({ runtime: "yaml", pulumiYaml: { plugins }, env });
      for (const [at, steps] of rows.entries()) {
        // This machine's time is that of the last row.
        emulator.clockOffsetMs = -13 * HOUR * (rows.length - 1 - at);
        for (const [program, command, ends] of steps) {
          rewrite(project, { plugins, ...PROGRAMS[program] });
          const { code, stdout } = await project.run([...command.split(" "), "--yes", "--skip-preview"]);
          expect(code === 0 ? "works" : /HTTP (401)/.exec(stdout)?.[1], `${command}\n${stdout}`).to.equal(
            ends,
          );
        }
      }
      const tokens = emulator.issuedTokens.map(({ token }) => ({ name: "token", value: token }));
      const state = [...project.readState()].map(([where, text]) => ({ where, text }));
      expect(findCanaries(tokens, state)).to.deep.equal([]);
    });
  }
});

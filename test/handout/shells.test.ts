import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { OptionError } from "../../provider/core/words/errors";
import { Secret } from "../../provider/core/words/secret";
import { assignments, type ShellForm, tokenText } from "../../provider/handout/shells";
import { which } from "../engines/on-path";
import { folderForEach } from "../support/folders";
import { ok, runCommand } from "../support/run-command";

const HOSTILE = [
  "it's",
  "''",
  '"$HOME" ${HOME} $(id) `id`',
  "back\\slash\\'",
  "a\\",
  "!history #comment %25 & ; | < > * ? ~",
  "‘typographic’ ‚quotes‛",
  "=",
  "",
];
const POSIX = [["-c"], "env", 'printf %s "$X"'] as const;
const SHELLS: Readonly<Record<string, readonly [readonly string[], ShellForm, string]>> = {
  sh: POSIX,
  dash: POSIX,
  bash: POSIX,
  zsh: POSIX,
  fish: [["-c"], "fish", 'printf %s "$X"'],
  pwsh: [["-NoProfile", "-Command"], "powershell", "[Console]::Write($env:X)"],
};
const PATH = process.env.PATH ?? "";

describe("a token as what a shell or a file reads", () => {
  const folder = folderForEach();

  for (const [shell, [flags, form, print]] of Object.entries(SHELLS)) {
    const program = which(shell, { PATH });
    (program ? it : it.skip)(
      `is set as it is by the real ${shell}${program ? "" : ": there is none here"}`,
      async () => {
        for (const value of HOSTILE) {
          const text = `${assignments({ X: value }, form)}\n${print}`;
          const env = { PATH, HOME: folder.path };
          expect(ok(await runCommand([program as string, ...flags, text], { env })).stdout).to.equal(value);
        }
      },
    );
  }

  it("is plain in a dotenv file, or refused: readers differ in what a quote or a dollar is", async () => {
    const token = "t1.9euelZq_-x==.AZaz09-_";
    const path = join(folder.path, ".env");
    for (const form of ["dotenv", "gitlab"] as const) {
      const file = assignments({ X: token, Y: "2" }, form);
      expect(file).to.equal(`X=${token}\nY=2`);
      writeFileSync(path, file);
      const print = ["-p", "process.env.X"];
      const node = ok(await runCommand([process.execPath, `--env-file=${path}`, ...print], { env: {} }));
      const sh = ok(await runCommand(["sh", "-c", `. ${path}; echo "$X"`], { env: { PATH } }));
      expect([node.stdout, sh.stdout]).to.deep.equal([`${token}\n`, `${token}\n`]);
      for (const value of HOSTILE.filter((text) => /[^=]/.test(text)))
        expect(() => assignments({ X: value }, form), value).to.throw(OptionError, /^the value of X /);
    }
  });

  it("tells no value when it refuses one", () => {
    const token = new Secret("t1.CANARY'x");
    const result = { token, authorizationHeader: token, resolver: "mine", fingerprint: "0" };
    expect(() => tokenText(result, "dotenv"))
      .to.throw(OptionError)
      .and.not.match(/CANARY/);
    expect(tokenText(result, "fish")).to.include("set -gx YC_TOKEN 't1.CANARY\\'x'\n");
  });
});

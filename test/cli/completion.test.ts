import { expect } from "chai";
import { which } from "../engines/on-path";
import { COMMANDS } from "../../provider/cli/commands";
import { ok, runCommand } from "../support/run-command";
import { Cli } from "./run";

const PATH = process.env.PATH ?? "";

/** How a shell is asked what it would offer at the end of a line: a script of its own, which prints a line for each. */
interface Shell {
  readonly program: string;
  readonly flags: readonly string[];
  readonly ask: (words: readonly string[]) => string;
}

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(" ");
const cut = (words: readonly string[]) => words.flatMap((word) => word.split(/(=)/));

const SHELLS: Readonly<Record<string, Shell>> = {
  bash: {
    program: "bash",
    flags: ["--norc", "-c"],
    ask: (words) =>
      `COMP_WORDS=(${quoted(cut(words))}) COMP_CWORD=${cut(words).length - 1}; $(complete -p yciam | sed 's/.*-F \\(\\S*\\) .*/\\1/'); printf '%s\\n' "\${COMPREPLY[@]}"`,
  },
  // Its completion works in a terminal alone: here its own words for it print what they are given.
  zsh: {
    program: "zsh",
    flags: ["-f", "-c"],
    ask: (words) =>
      `cur=${quoted(words.slice(-1))}; offer() { print -l -- \${(M)@:#\${cur#*=}*} }
compadd() { shift; offer "$@" }; _files() { offer *(N) }; _describe() { offer \${\${(P)2}%%:*} }; compset() { : }
words=(${quoted(words)}) CURRENT=${words.length}; _yciam`,
  },
  fish: { program: "fish", flags: ["--no-config", "-c"], ask: (words) => `complete -C '${words.join(" ")}'` },
  powershell: {
    program: "pwsh",
    flags: ["-NoProfile", "-Command"],
    ask: (words) =>
      `(TabExpansion2 -inputScript '${words.join(" ")}' -cursorColumn ${words.join(" ").length}).CompletionMatches.CompletionText`,
  },
};

const CASES: readonly (readonly [string, readonly string[]])[] = [
  ["yciam tok", ["token"]],
  ["yciam token --outp", ["--output"]],
  ["yciam token --output d", ["dotenv"]],
  ["yciam token --output=j", ["json"]],
  ["yciam explain --output ", ["json", "table"]],
  ["yciam token --debug --cache ", ["disk", "memory", "none"]],
  ["yciam completion f", ["fish"]],
  ["yciam token --ca-file auth", ["authority.pem"]],
  ["yciam token --ca-file a", ["a*.pem", "authority.pem"]],
];

describe("the completion of yciam", function () {
  this.timeout(60_000);
  let cli: Cli;
  beforeEach(() => {
    cli = new Cli();
    cli.write("authority.pem", "");
    cli.write("a*.pem", "");
  });
  afterEach(() => cli.cleanup());

  for (const [name, { program, flags, ask }] of Object.entries(SHELLS)) {
    const path = which(program, { PATH });
    (path ? describe : describe.skip)(`in the real ${program}${path ? "" : ": there is none here"}`, () => {
      const offered = async (line: string) => {
        const script = ok(await cli.run(["completion", name])).stdout;
        const argv = [path as string, ...flags, `${script}\n${ask(line.split(" "))}`];
        const env = { PATH, HOME: cli.home, funcstack: "" };
        const { stdout } = ok(await runCommand(argv, { cwd: cli.home, env }));
        const words = stdout.split("\n").map((word) => word.replace(/\t.*|^--\w+=|^\.[\\/]/g, "").trim());
        return words.filter((word) => word !== "").sort();
      };

      it("offers commands, flags, choices and files", async () => {
        for (const [line, expected] of CASES) expect(await offered(line), line).to.deep.equal(expected);
      });

      it("offers what each command's help tells of", async () => {
        const rows = COMMANDS.filter((row) => row.name !== "emulator");
        for (const { name: command } of rows) {
          const { stdout } = ok(await cli.run([command, "--help"]));
          const told = Array.from(stdout.matchAll(/^ {2}(--[\w-]+)/gm), ([, flag]) => flag);
          expect(await offered(`yciam ${command} --`), command).to.deep.equal([...new Set(told)].sort());
        }
      });
    });
  }
});

import { Argument, type Command } from "commander";
import type { Parts } from "./command";
import { fishScript } from "./completion/fish";
import { bashScript, zshScript } from "./completion/posix";
import { powershellScript } from "./completion/powershell";
import { completionRows, type WordRow } from "./completion/rows";
import { EXIT } from "./io";

const SCRIPTS = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
} as const satisfies Readonly<Record<string, (rows: readonly WordRow[]) => string>>;

/** The command `completion`. */
export function define(command: Command, parts: Parts): void {
  command
    .addArgument(new Argument("<shell>", "whose").choices(Object.keys(SCRIPTS)))
    .addHelpText("after", INSTALL)
    .action((shell: keyof typeof SCRIPTS) => {
      parts.io.stdout.write(SCRIPTS[shell](completionRows(command.parent ?? command)));
      parts.exit(EXIT.ok);
    });
}

const INSTALL = `
To have it in each new shell:
  bash         echo 'source <(yciam completion bash)' >> ~/.bashrc
  zsh          echo 'source <(yciam completion zsh)' >> ~/.zshrc                        after \`compinit\`
  fish         yciam completion fish > ~/.config/fish/completions/yciam.fish
  PowerShell   Add-Content $PROFILE 'yciam completion powershell | Out-String | Invoke-Expression'`;

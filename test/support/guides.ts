import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type CommandOptions, type CommandResult, ok, runCommand } from "./run-command";

/** The pages for users, one for each thing that a token is handed to. */
export const GUIDES = join(__dirname, "../../docs/guides");

/** A fenced block of a page: what stands after the fence's mark, and its text. */
interface Block {
  readonly language: string;
  /** The file that the block is, when a name follows the language: "```hcl main.tf". */
  readonly file: string | undefined;
  readonly text: string;
}

/** How a reader follows a guide. */
export interface Reader extends Pick<CommandOptions, "env" | "timeoutMs"> {
  /** The folder to do it in. */
  readonly cwd: string;
  /** What the reader writes in the place of a word of the page, such as the address of his own cluster. */
  readonly instead?: Readonly<Record<string, string>>;
  /** What happens before each `sh` block, the first being 0: hours may go by. */
  readonly before?: (block: number) => void;
}

function blocksOf(page: string): readonly Block[] {
  const fences = page.matchAll(/^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm);
  return Array.from(fences, ([, language = "", file, text = ""]) => ({ language, file, text }));
}

/**
 * Follows a guide from its first line to its last, as a reader would: a block that has a file's name is written to it, and one
 * in `sh` is run by a shell, which ends at the first command that fails. Other blocks are only shown.
 * @returns how each `sh` block ended
 * @throws Error for a block that fails, and for a word of `instead` that the page does not have
 */
export async function followGuide(name: string, reader: Reader): Promise<readonly CommandResult[]> {
  const page = withOwnWords(readFileSync(join(GUIDES, `${name}.md`), "utf8"), reader.instead ?? {});
  const results: CommandResult[] = [];
  for (const { language, file, text } of blocksOf(page)) {
    if (file !== undefined) {
      mkdirSync(dirname(join(reader.cwd, file)), { recursive: true });
      writeFileSync(join(reader.cwd, file), text, { mode: 0o600 });
    } else if (language === "sh") {
      reader.before?.(results.length);
      results.push(ok(await runCommand(["sh", "-ec", text], reader)));
    }
  }
  return results;
}

function withOwnWords(page: string, instead: Readonly<Record<string, string>>): string {
  return Object.entries(instead).reduce((text, [word, own]) => {
    if (!text.includes(word)) throw new Error(`the guide does not say ${word}`);
    return text.replaceAll(word, own);
  }, page);
}

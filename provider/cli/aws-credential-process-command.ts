import type { Command } from "commander";
import type { AccessKeyOptions } from "../app";
import type { Files } from "../core/context";
import { ACCESS_KEY_OPTIONS } from "../core/options/access-key";
import type { OptionSpec } from "../core/options/options";
import { OptionError } from "../core/words/errors";
import { say } from "../core/words/message";
import { shownPath } from "../core/words/secret";
import { credentialProcess } from "../handout/aws";
import { kebabCase } from "../handout/kebab-case";
import { CODES, type Parts, runOnApp, type Values } from "./command";
import { EXIT } from "./io";

const NAMES = Object.keys(ACCESS_KEY_OPTIONS) as (keyof AccessKeyOptions)[];

/** The command `aws-credential-process`. */
export function define(command: Command, parts: Parts): void {
  for (const name of NAMES) {
    const { kind, doc, default: preset }: OptionSpec = ACCESS_KEY_OPTIONS[name];
    const [value, note] =
      name === "policy" ? ["path", "A file with it. "] : [kind === "duration" ? kind : "text", ""];
    const usual = preset === undefined ? "" : ` Default ${preset}.`;
    command.option(`--${kebabCase(name)} <${value}>`, `${note}${doc}${usual}`);
  }
  command.addHelpText("after", EXAMPLES);
  runOnApp(command, parts, async ({ app, values, io, context: { files, now } }) => {
    const key = await app.getAccessKey(await readKeyFlags(values, files), io.signal);
    io.stdout.write(`${credentialProcess(key, now() - app.now())}\n`);
    return EXIT.ok;
  });
}

const EXAMPLES = `
In ~/.aws/config:
  [profile yandex]
  region = ru-central1
  endpoint_url = https://storage.yandexcloud.net
  credential_process = yciam aws-credential-process

Then: aws --profile yandex s3 ls

Each run makes a key, which cannot be revoked. AWS's clients ask anew when less than 15 minutes are left, so that one of
15m is for a single call.

${CODES}`;

async function readKeyFlags(values: Values, files: Files): Promise<AccessKeyOptions> {
  const given = Object.fromEntries(NAMES.map((name) => [name, values[name] as string | undefined]));
  return given.policy === undefined ? given : { ...given, policy: await readPolicy(given.policy, files) };
}

async function readPolicy(path: string, files: Files): Promise<string> {
  return files.read(path).catch((error: unknown) => {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new OptionError(say`--policy names ${shownPath(path)}, which cannot be read (${code}).`, "policy");
  });
}

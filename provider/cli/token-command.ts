import { type Command, Option } from "commander";
import type { App, TokenResult } from "../app";
import { CODES, type Parts, runOnApp } from "./command";
import { EXIT, type Io } from "./io";

/** How `yciam token` may print the token. */
export const FORMATS = ["token", "json", "header", "env"] as const;

/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number];

/** The command `token`. */
export function define(command: Command, parts: Parts): void {
  command
    .addOption(new Option("--output <format>", "how it is printed").choices(FORMATS).default("token"))
    .addHelpText("after", EXAMPLES);
  runOnApp(command, parts, async ({ app, values, io }) => {
    await printToken(app, values.output as Format, io);
    return EXIT.ok;
  });
}

const EXAMPLES = `
Examples:
  yciam token --service-account-key-file ~/key.json
  curl -H "$(yciam token --output header)" https://resource-manager.api.cloud.yandex.net/resource-manager/v1/clouds
  eval "$(yciam token --output env)"        sets YC_IAM_TOKEN and YC_TOKEN
  vault kv get -field=key secret/yc | yciam token --service-account-key-json -

${CODES}`;

/** Prints a token on stdout; whatever else there is to say goes to stderr. */
async function printToken(app: App, format: Format, io: Io): Promise<void> {
  const result = await app.getIamToken(io.signal);
  if (io.stdout.isTTY === true) {
    io.stderr.write("yciam: what follows is a secret: it opens the cloud to whoever holds it.\n");
  }
  io.stdout.write(formatToken(result, format));
}

/** The token as text, with a line break at its end. */
export function formatToken(result: TokenResult, format: Format): string {
  const token = result.token.reveal();
  const header = result.authorizationHeader.reveal();
  const texts: Readonly<Record<Format, string>> = {
    token,
    header: `Authorization: ${header}`,
    json: JSON.stringify({ ...result, token, authorizationHeader: header }, null, 2),
    // YC_TOKEN is what Yandex's own Terraform provider reads, YC_IAM_TOKEN what `yc` and this package do.
    env: ["YC_IAM_TOKEN", "YC_TOKEN"]
      .map((name) => `export ${name}='${token.replaceAll("'", `'\\''`)}'`)
      .join("\n"),
  };
  return `${texts[format]}\n`;
}

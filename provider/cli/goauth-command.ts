import type { Command } from "commander";
import type { TokenResult } from "../app";
import { goCredentials, goOriginOf, goOrigins, isRefusalOf } from "../handout/registries";
import { CODES, type Parts, type Run, runOnApp } from "./command";
import { EXIT } from "./io";

/** The command `goauth`. */
export function define(command: Command, parts: Parts): void {
  command
    .argument("[url]", "what was refused, with the head of the answer on standard input: Go's second call")
    .addHelpText("after", EXAMPLES);
  runOnApp(command, parts, async (run) => {
    run.io.stdout.write(await credentialsFor(run));
    return EXIT.ok;
  });
}

const EXAMPLES = `
Go (1.24 and newer) runs it by itself, and says nothing when it fails: run it by hand then. The token goes to
registry.yandexcloud.net, and to those registries that YCIAM_REGISTRIES names; over TLS alone.

Example:
  export GOAUTH="yciam goauth" GOPROXY=https://registry.yandexcloud.net/go/REGISTRY_ID,direct
  go mod download

${CODES}`;

/** What Go reads; nothing for an address that is not one of ours. */
async function credentialsFor(run: Run): Promise<string> {
  const { words, context, app, io } = run;
  const [url] = words;
  if (url === undefined)
    return goCredentials(goOrigins(context.env), (await app.getIamToken(io.signal)).token);
  const origin = goOriginOf(url, context.env);
  if (origin === undefined) return "";
  return goCredentials([origin], (await tokenAfter(await io.stdin(), run)).token);
}

/** The first token that the registry did not refuse: one that it did is handed out to nobody any more. */
async function tokenAfter(head: string, { app, io }: Run): Promise<TokenResult> {
  const result = await app.getIamToken(io.signal);
  if (!isRefusalOf(head, result.issuedAt)) return result;
  await app.forget(result.token);
  return app.getIamToken(io.signal);
}

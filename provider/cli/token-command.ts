import { type Command, Option } from "commander";
import { TOKEN_FORMS, type TokenForm, tokenText } from "../handout/shells";
import { CODES, type Parts, type Run, runOnApp } from "./command";
import { toLaterSteps } from "./github-files";
import { EXIT } from "./io";

const FORMATS = [...TOKEN_FORMS, "github"] as const;

/** The command `token`. */
export function define(command: Command, parts: Parts): void {
  command
    .addOption(new Option("--output <format>", "how it is printed").choices(FORMATS).default("token"))
    .addHelpText("after", EXAMPLES);
  runOnApp(command, parts, async (run) => {
    if (run.values.output === "github") await tellGithub(run);
    else await printToken(run, run.values.output as TokenForm);
    return EXIT.ok;
  });
}

const EXAMPLES = `
Examples:
  yciam token --service-account-key-file ~/key.json
  yciam token --output header | curl -H @- https://resource-manager.api.cloud.yandex.net/resource-manager/v1/clouds
  vault kv get -field=key secret/yc | yciam token --service-account-key-json -

To set YC_IAM_TOKEN and YC_TOKEN:
  eval "$(yciam token --output env)"                                        sh, bash, zsh
  yciam token --output fish | source                                        fish
  yciam token --output powershell | Out-String | Invoke-Expression          PowerShell
  yciam token --output dotenv > .env                                        a file that others must not read
  yciam token --output github      in a GitHub workflow: masked, for the later steps, whose output \`token\` it is too

${CODES}`;

/** GitLab masks what its own settings hold, and nothing that a job makes. Docs: ci/yaml/artifacts_reports, dotenv. */
const GITLAB =
  "GitLab cannot mask a token that a job makes, and whoever may download the job's artifacts can read it: give the job " +
  "`artifacts: access: none` and a short `expire_in`, print nothing of it, or get the token in the job that needs it.";

/** Prints a token on stdout; whatever else there is to say goes to stderr. */
async function printToken({ app, io }: Run, form: TokenForm): Promise<void> {
  const result = await app.getIamToken(io.signal);
  const text = tokenText(result, form);
  if (form === "gitlab") io.stderr.write(`yciam: warning: ${GITLAB}\n`);
  if (io.stdout.isTTY === true) {
    io.stderr.write("yciam: what follows is a secret: it opens the cloud to whoever holds it.\n");
  }
  io.stdout.write(text);
}

async function tellGithub({ app, context, io }: Run): Promise<void> {
  const hand = toLaterSteps(context.env);
  hand(await app.getIamToken(io.signal), io.stdout);
}

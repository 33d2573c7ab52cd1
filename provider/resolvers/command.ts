import type { Call } from "../core/token/call";
import { CredentialError } from "../core/words/errors";
import { readExpiresAt } from "../core/token/life";
import { tryParseObject } from "../core/words/json";
import { option, say } from "../core/words/message";
import { defineResolver, type ResolverInput, unavailable } from "../core/chain/resolver";
import { Secret } from "../core/words/secret";
import { digest, type IamToken } from "../core/token/token";
import { readBearer } from "./shared/bearer";
import { runProgram } from "./shared/program";

const PATH = "command.argv";

const options = {
  argv: {
    kind: "stringList",
    secret: true,
    doc: 'The program and its arguments; it is run without a shell and prints `{"token": "...", "expiresAt": "..."}`.',
  },
} as const;

type Input = ResolverInput<typeof options>;

/**
 * Any program that can get a token: the seam for what no resolver knows, as `credential_process` is for AWS.
 *
 * It is run without a shell, with the environment of this process and nothing on stdin. It prints one JSON object on
 * stdout: `token`, and `expiresAt` in RFC 3339 with a zone where it knows it; without that the token is asked for
 * again after `refreshAfter`. Exit code 0 means success; with any other the first line of stderr is shown. It has
 * `timeout` to end. Its tokens stay in memory.
 */
export const command = defineResolver({
  name: "command",
  summary: "Any program that prints a token as JSON; run only when it is named.",
  onlyWhenNamed: true,
  options,
  async resolve(input) {
    const [program, ...args] = input.options.argv ?? [];
    if (program === undefined)
      return unavailable("no command is given", say`set ${option(PATH)} to a program and its arguments`);
    const argv = [program, ...args] as const;
    return {
      id: `command ${digest(JSON.stringify(argv))}`,
      token: (call) => run(argv, input, call),
    };
  },
});

async function run(argv: readonly [string, ...string[]], input: Input, call: Call): Promise<IamToken> {
  const { context } = input;
  const [name, ...args] = argv;
  const program = await context.which(name);
  if (program === undefined) {
    throw new CredentialError(
      // A whole command line in the first word is a likely mistake, and its arguments may be secret.
      say`${option(PATH)} names ${JSON.stringify(name.split(/\s/)[0])}, but there is no such program. Give its path, or put it on PATH; it is not run by a shell, so each argument is a word of its own.`,
      PATH,
    );
  }
  const words = say`the program of ${option(PATH)}`;
  const parts = { argv: [program, ...args] as const, name: words, path: PATH, secretArguments: true };
  return readOutput(await runProgram(parts, context, call), input);
}

/** Says what is wrong with the output, and never shows it: it is where the token is. */
function readOutput(stdout: Secret, { iam }: Input): IamToken {
  const fail = (problem: string): never => {
    throw new CredentialError(
      say`the program of ${option(PATH)} ${problem} It must print one JSON object, {"token": "...", "expiresAt": "2026-11-24T18:30:00Z"}, the latter if it is known.`,
      PATH,
    );
  };
  const parsed = tryParseObject(stdout.reveal());
  if (parsed === undefined) return fail(`printed no JSON object (${stdout.reveal().length} characters).`);
  const { token, expiresAt } = parsed;
  if (typeof token !== "string") return fail("printed an object without a text `token`.");
  const bearer = readBearer(new Secret(token), "what the program printed", PATH);
  const issuedAt = iam.clock.now();
  if (expiresAt === undefined || expiresAt === null) return { token: bearer, issuedAt };
  const expiry = readExpiresAt(expiresAt, issuedAt);
  return typeof expiry === "number" ? { token: bearer, issuedAt, expiresAt: expiry } : fail(`${expiry}.`);
}

import type { Command } from "commander";
import type { App, TokenResult } from "../app";
import type { Context, Env } from "../core/context";
import { readOptions } from "../core/options/read";
import { DEFAULTS, SETTINGS } from "../core/options/settings";
import type { Policy } from "../core/token/judgement";
import { askAgainAt, askedVersion, execCredential, type Handing } from "../handout/exec-credential";
import { isRefused, mayReplace, readHanded, replacedOf } from "../handout/refused";
import { CODES, type Parts, runOnApp, type Values } from "./command";
import { EXIT } from "./io";

/** The command `exec-credential`. */
export function define(command: Command, parts: Parts): void {
  command
    .option("--cluster <name>", "tells clusters apart that one program talks to", "")
    .addHelpText("after", MORE);
  runOnApp(command, parts, async ({ app, values, context, io }) => {
    const version = askedVersion(context.env.KUBERNETES_EXEC_INFO);
    const client = { app, context, cluster: String(values.cluster), signal: io.signal };
    const handing = await hand(client, policyOf(values, context.env));
    io.stdout.write(`${execCredential(version, handing)}\n`);
    return EXIT.ok;
  });
}

const MORE = `
kubectl runs it by itself, as \`yciam kubeconfig\` says: it prints an ExecCredential with a token.

${CODES}`;

/** Who asks, and for what. */
interface Client {
  readonly app: App;
  readonly context: Context;
  readonly cluster: string;
  readonly signal: AbortSignal;
}

/** A token that was not refused before, if there is one, with the time to ask again. What was handed is noted. */
async function hand(client: Client, policy: Policy): Promise<Handing> {
  const { app, context, cluster, signal } = client;
  const { parentNotes, now, log } = context;
  // Only clients of Kubernetes set it: who runs the command by hand was refused nothing.
  const notes = context.env.KUBERNETES_EXEC_INFO === undefined ? undefined : parentNotes;
  const handed = readHanded(await notes?.read(cluster));
  const replacedAt = [...replacedOf(handed, now())];
  let result = await app.getIamToken(signal);
  if (isRefused(handed, result.fingerprint, now())) {
    if (mayReplace(replacedAt)) {
      replacedAt.push(now());
      await app.forget(result.token);
      result = await app.getIamToken(signal);
    }
    if (result.fingerprint === handed.fingerprint) log.warn(REFUSED);
  }
  const until = untilOf(result, policy, client);
  await notes?.write(cluster, JSON.stringify({ fingerprint: result.fingerprint, until, replacedAt }));
  return { token: result.token, until };
}

const REFUSED =
  "a program asked for this token again before its time, and there is no other one now. Either the program keeps no token, or the API server refused this one: then see whose token it is, and whether that account may use the cluster.";

/** When to ask again, by the clock of this host: the client knows no other. */
function untilOf(result: TokenResult, policy: Policy, { app, context }: Client): number {
  const serverNow = app.now();
  const left = askAgainAt(result, policy, serverNow) - serverNow;
  return Math.floor((context.now() + left) / 1000) * 1000;
}

function policyOf(given: Values, env: Env): Policy {
  const { minRemainingValidity, refreshAfter } = SETTINGS;
  const specs = { minRemainingValidity, refreshAfter };
  const raw = Object.fromEntries(Object.keys(specs).map((name) => [name, given[name]]));
  const values = { ...DEFAULTS, ...readOptions("", specs, raw, env).values };
  return { minRemainingMs: values.minRemainingValidity, refreshAfterMs: values.refreshAfter };
}

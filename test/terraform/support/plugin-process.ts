import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { toPem } from "../../../provider/tls/certificate";
import { MAGIC_COOKIE } from "../../../provider/terraform/plugin/handshake";
import { RUNTIME_ENV } from "../../support/programs";
import { type CommandResult, runCommand } from "../../support/run-command";

/** What a host gives every plugin. */
export const HOST_ENV = {
  [MAGIC_COOKIE.name]: MAGIC_COOKIE.value,
  PLUGIN_MIN_PORT: "10000",
  PLUGIN_MAX_PORT: "25000",
  PLUGIN_PROTOCOL_VERSIONS: "6,5",
};

/** The fields of a handshake line, as the host splits them. */
export interface Handshake {
  readonly line: string;
  readonly protocol: string;
  readonly network: string;
  readonly address: string;
  /** PEM; empty without AutoMTLS. */
  readonly certificate: string;
}

/** A plugin started as a host starts it. */
export interface PluginProcess {
  readonly process: ChildProcess;
  readonly handshake: Handshake;
  /** Resolves with the exit code (null after a signal) and all of stderr. */
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

/** Runs a program to its end, as somebody without the cookie would. */
export function runToEnd(program: string, env: Record<string, string>): Promise<CommandResult> {
  return runCommand([process.execPath, program], { env: bare(env) });
}

/** Starts a plugin and waits for its handshake. The caller ends it. */
export async function startPlugin(program: string, env: Record<string, string> = {}): Promise<PluginProcess> {
  const child = spawn(process.execPath, [program], {
    env: bare({ ...HOST_ENV, ...env }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stderr = text(child.stderr);
  const ended = once(child, "exit").then(async ([code]) => ({
    code: code as number | null,
    stderr: await stderr,
  }));
  const line = await Promise.race([
    firstLine(child),
    ended.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ]);
  return { process: child, handshake: parse(line), ended };
}

/** Waits until something holds. */
export async function until(holds: () => boolean, limitMs: number): Promise<boolean> {
  const end = Date.now() + limitMs;
  while (!holds() && Date.now() < end) await sleep(20);
  return holds();
}

function bare(env: Record<string, string>): Record<string, string> {
  const { PATH = "", TMPDIR, SystemRoot } = process.env;
  return { ...RUNTIME_ENV, PATH, ...(TMPDIR && { TMPDIR }), ...(SystemRoot && { SystemRoot }), ...env };
}

async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  const [line] = (await once(lines, "line")) as [string];
  return line;
}

function parse(line: string): Handshake {
  const [, protocol = "", network = "", address = "", , field = ""] = line.split("|");
  const certificate = field ? toPem(Buffer.from(field, "base64")) : "";
  return { line, protocol, network, address, certificate };
}

import type { Emulator } from "../../../emulator";
import { type Canary, findCanaries, type Trace } from "../../support/canary";
import type { PulumiProject, PulumiResult } from "../../support/pulumi";
import { ok } from "../../support/run-command";

/**
 * The engine (at -v=9) and Pulumi's own SDKs for Node, Python and Java (in their debug diagnostics, which the event log
 * holds too) dump every property and every answer, secrets in clear, whatever provider they are of: those lines are theirs,
 * and are known by their opening words. Every other line counts, the plugin's among them.
 */
const DUMPS = new RegExp(
  [
    "Marshaling property for RPC",
    "Unmarshaling property for RPC",
    "(?:RegisterResource|Invoke) RPC (?:prepared|finished)",
    "Registering resource monitor (?:start|end)",
    "register resource outputs prepared",
    "resource registration (?:prepared|successful)",
  ].join("|"),
);

/** Everything that the runs of a project left behind: streams, event logs, states. */
export class Traces {
  readonly #traces: Trace[] = [];

  constructor(private readonly project: PulumiProject) {}

  /** Keeps what a run printed, and the whole state after it; an Error when the run failed. */
  keep(name: string, result: PulumiResult): PulumiResult {
    ok(result);
    const { stdout, stderr, events = "" } = result;
    for (const [where, text] of Object.entries({ stdout, stderr, "event log": events })) {
      const lines = text.split("\n").filter((line) => !DUMPS.test(line));
      this.#traces.push({ where: `${where} of ${name}`, text: lines.join("\n") });
    }
    this.project
      .readState()
      .forEach((text, path) => this.#traces.push({ where: `${path} after ${name}`, text }));
    return result;
  }

  /** Where a secret of the emulator's stands in clear: its tokens, the assertions it got, and these others. */
  leaks(emulator: Emulator, others: readonly Canary[] = []): readonly string[] {
    const tokens = emulator.issuedTokens.map(({ token }) => ({ name: "IAM token", value: token }));
    const assertions = emulator.requests
      .flatMap(({ body }) => /"jwt":"([^"]+)"/.exec(body ?? "")?.slice(1) ?? [])
      .map((value) => ({ name: "assertion", value }));
    if (tokens.length === 0 || assertions.length === 0) throw new Error("nothing was made that could leak");
    return findCanaries([...tokens, ...assertions, ...others], this.#traces);
  }
}

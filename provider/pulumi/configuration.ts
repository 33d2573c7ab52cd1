import { type App, type AppConfig, createApp } from "../app";
import type { Context } from "../core/context";
import { parseTime } from "../core/token/life";
import { CredentialError, ValidityError } from "../core/words/errors";
import { Code, StatusError } from "../grpc/status";
import { changedInputs, findMistake, findUnknown, type Inputs, same, toConfig } from "../inputs";
import { mergeConfig, readProviderConfig, sealSecrets, toInputs } from "./config";
import { type Failure, toFailure, toStatus } from "./errors";
import { openAll, type Properties } from "./values";

/** Checked inputs of a provider or a resource, and what is wrong with them. */
export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly Failure[];
}

/** Groups of options with a token that dies within hours. When it is saved in the state, it is dead at the next run. */
const SHORT_LIVED = ["iamToken", "workloadIdentity", "functionContext"] as const;

const savedToken = (name: string) =>
  `This token is the provider's own configuration, ${name}, as it was saved in the state of the stack. Run the ` +
  "command again with --run-program (pulumi refresh --run-program, pulumi destroy --run-program): then the program " +
  "gives the provider a new token first.";

/** Keeps what a provider was configured with, and makes apps from it. A process has one. */
export class Configuration {
  #provider: AppConfig = {};
  #unknown: string | undefined;
  #configured: { readonly urn: string; readonly inputs: Properties } | undefined;

  constructor(readonly context: Context) {}

  /** Checks a provider's inputs and marks its secrets. Nothing of the environment gets into them. */
  check(news: Properties): Checked {
    return this.checkAs(readProviderConfig(news), news);
  }

  /**
   * Checks properties as far as they are known, and marks the secrets among them.
   * @param options the properties with every option in its own form
   */
  checkAs(options: Properties, news: Properties): Checked {
    const mistake = findMistake(toInputs(options), this.context);
    const failures = mistake === undefined ? [] : [toFailure(mistake, news)];
    return { inputs: sealSecrets(news), failures };
  }

  /** Names of the inputs that differ. Each is an update and never a replacement, a changed credential too. */
  diff(olds: Properties, news: Properties): readonly string[] {
    return changedInputs(openAll(olds), openAll(news));
  }

  /**
   * Takes over a provider's inputs, and warns at once of a token in them that has died.
   * @param urn the provider's; the same one may come again with other inputs
   * @throws StatusError for a second provider: an engine that attaches to a running plugin would mix up two identities
   */
  configure(inputs: Properties, urn = ""): void {
    const before = this.#configured;
    if (before !== undefined && before.urn !== urn && !same(openAll(before.inputs), openAll(inputs))) {
      throw new StatusError(
        Code.FAILED_PRECONDITION,
        "this process already serves another provider, with other options, and one process serves one provider. Leave one provider in the program while it is debugged (PULUMI_DEBUG_PROVIDERS), or let the engine start the plugin.",
      );
    }
    this.#configured = { urn, inputs };
    const given = toInputs(readProviderConfig(inputs));
    this.#provider = toConfig(given);
    this.#unknown = findUnknown(given);
    const { expiresAt } = (this.#provider.iamToken ?? {}) as { expiresAt?: unknown };
    const end = parseTime(expiresAt);
    if (end !== undefined && end <= this.context.now())
      this.context.log.warn(
        `the provider's IAM token died at ${String(expiresAt)}. ${savedToken("iamToken")}`,
      );
  }

  /** Forgets at the end of a run which provider it serves. The next run may bring another one. */
  release(): void {
    this.#configured = undefined;
  }

  /** Puts a call's options over those of the provider. */
  over(call: AppConfig): AppConfig {
    return mergeConfig(this.#provider, call);
  }

  /** Names what is unknown among a call's properties or else the provider's. Without it the token may be somebody else's. */
  unknownOf(call: Inputs): string | undefined {
    const own = findUnknown(call);
    if (own !== undefined) return own;
    return this.#unknown === undefined ? undefined : `${this.#unknown} of the provider`;
  }

  /** @throws StatusError that names what is unknown, as `unknownOf` does */
  assertKnown(call: Inputs): void {
    const unknown = this.unknownOf(call);
    if (unknown === undefined) return;
    throw new StatusError(
      Code.INVALID_ARGUMENT,
      `${unknown} is not known yet, so nobody can tell whose token is wanted. Give it a value that is known before this call.`,
    );
  }

  /**
   * Does something with an app of these options.
   * @throws StatusError that says what to do, when the token in the provider's saved configuration is no good any more
   */
  async use<T>(config: AppConfig, work: (app: App) => Promise<T>): Promise<T> {
    try {
      return await work(createApp(config, this.context));
    } catch (error) {
      const saved = SHORT_LIVED.find((name) => this.#isSaved(name, config));
      if (saved === undefined || !(error instanceof CredentialError || error instanceof ValidityError))
        throw error;
      throw toStatus(error, this.context.spelling, `\n${savedToken(saved)}`);
    }
  }

  /** Whether these options hold the very token that the provider was configured with. */
  #isSaved(name: (typeof SHORT_LIVED)[number], config: AppConfig): boolean {
    const group = this.#provider[name] as { readonly token?: unknown } | undefined;
    return group?.token !== undefined && config[name] === group;
  }
}

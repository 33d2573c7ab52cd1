import { type App, type AppConfig, createApp } from "../app";
import type { Context } from "../core/context";
import { CredentialError, ValidityError } from "../core/errors";
import { parseTime } from "../core/expiry";
import { changedNames, mergeConfig, readProviderConfig, sealSecrets, toConfig } from "./config";
import { type Failure, toFailure, toStatus } from "./errors";
import { isShown } from "./rows";
import type { Properties } from "./values";

/** Checked inputs of a provider or a resource, and what is wrong with them. */
export interface Checked {
  readonly inputs: Properties;
  readonly failures: readonly Failure[];
}

const SAVED_TOKEN =
  "This token is the provider's own configuration, iamToken, as it was saved in the state of the stack. Run the " +
  "command again with --run-program (pulumi refresh --run-program, pulumi destroy --run-program): then the program " +
  "gives the provider a new token first.";

/** What a provider was configured with, and the apps that are made from it. One for each process. */
export class Configuration {
  #provider: AppConfig = {};

  constructor(readonly context: Context) {}

  /** Checks a provider's inputs and marks its secrets. Nothing of the environment gets into them. */
  check(news: Properties): Checked {
    const failures = this.findFailures(toConfig(readProviderConfig(news)), isShown);
    return { inputs: sealSecrets(news), failures };
  }

  /** Names of the inputs that differ: an update each, a changed credential among them, and never a replacement. */
  diff(olds: Properties, news: Properties): readonly string[] {
    return changedNames(olds, news);
  }

  /** Takes a provider's inputs over. A token in them that has died is told at once: all that needs it will fail. */
  configure(inputs: Properties): void {
    this.#provider = toConfig(readProviderConfig(inputs));
    const { expiresAt } = (this.#provider.iamToken ?? {}) as { expiresAt?: unknown };
    const end = parseTime(expiresAt);
    if (end !== undefined && end <= this.context.now())
      this.context.log.warn(`the provider's IAM token died at ${String(expiresAt)}. ${SAVED_TOKEN}`);
  }

  /** A call's options over those of the provider. */
  over(call: AppConfig): AppConfig {
    return mergeConfig(this.#provider, call);
  }

  /** What is wrong with these options, as the engine reports it; only the first mistake is found. */
  findFailures(config: AppConfig, shown: (name: string) => boolean): readonly Failure[] {
    try {
      createApp(config, this.context);
      return [];
    } catch (error) {
      return [toFailure(error, this.context.spelling, shown)];
    }
  }

  /**
   * Does something with an app of these options.
   * @throws StatusError that says what to do, when the token in the provider's saved configuration is no good any more
   */
  async use<T>(config: AppConfig, work: (app: App) => Promise<T>): Promise<T> {
    try {
      return await work(createApp(config, this.context));
    } catch (error) {
      const saved = config.iamToken !== undefined && config.iamToken === this.#provider.iamToken;
      if (!saved || !(error instanceof CredentialError || error instanceof ValidityError)) throw error;
      throw toStatus(error, this.context.spelling, undefined, `\n${SAVED_TOKEN}`);
    }
  }
}

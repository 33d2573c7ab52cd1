import { type App, type AppConfig, createApp } from "../../app";
import { type Context } from "../../core/context";
import { type ObjectValue } from "../cty/value";
import { type CallContext } from "../definition";
import { type Logger } from "../plugin/log";
import { toConfig } from "./config";
import { coreLog } from "./log";

/** What is behind all blocks of one process. */
export interface Base {
  readonly context: Context;
  readonly logger: Logger;
}

/** A configured provider: whose tokens its blocks hand out. */
export class Identity {
  readonly #base: Base;
  readonly #config: AppConfig;

  /**
   * @param config the provider's attributes
   * @throws OptionError for an option, or a variable, that cannot be used
   */
  constructor(base: Base, config: ObjectValue) {
    this.#base = base;
    this.#config = toConfig(config);
    createApp(this.#config, base.context);
  }

  /**
   * An app for one piece of work.
   *
   * @param overrides options over those of the provider
   * @param call its user is shown what the app warns of
   * @throws OptionError for an override that cannot be used
   */
  app(overrides: AppConfig = {}, call?: CallContext): App {
    const { context, logger } = this.#base;
    const log = coreLog(logger, call);
    return createApp({ ...this.#config, ...overrides }, { ...context, log });
  }
}

import { type App, type AppConfig, createApp } from "../../app";
import { type Context } from "../../core/context";
import { IMPERSONATE } from "../../core/options/settings";
import { OptionError } from "../../core/words/errors";
import { isObject } from "../../core/words/json";
import { option, say } from "../../core/words/message";
import { type ObjectValue } from "../cty/value";
import { type CallContext } from "../definition";
import { type Logger } from "../plugin/log";
import { toConfig } from "./config";
import { coreLog } from "./log";

/** What all blocks of one process share. */
export interface Base {
  readonly context: Context;
  readonly logger: Logger;
}

/** An app, and the calls that it works for. */
interface Shared {
  readonly app: App;
  readonly calls: Set<CallContext>;
}

/** A request for a token. */
export const TOKEN = { for: "token" };

/** A configured provider: whose tokens its blocks hand out. */
export class Identity {
  readonly #base: Base;
  readonly #config: AppConfig;
  readonly #shared = new Map<string, Shared>();

  /**
   * @param values of the provider's block
   * @throws OptionError for an option, or a variable, that cannot be used
   */
  constructor(base: Base, values: ObjectValue) {
    this.#base = base;
    this.#config = toConfig(values);
    this.#share({}, TOKEN);
  }

  /**
   * Does one piece of work with an app, which all calls for the same share.
   *
   * @param overrides options that replace the provider's; in a group, each option is replaced alone
   * @param request what is asked for with them: a warning about one request is not shown with another
   * @param call its user is shown the app's warnings, unless another call came first and is shown them
   * @throws OptionError for an option that cannot be used; whatever the work throws
   */
  async use<T>(
    overrides: AppConfig,
    request: object,
    call: CallContext,
    work: (app: App) => Promise<T>,
  ): Promise<T> {
    const { app, calls } = this.#share(overrides, request);
    calls.add(call);
    try {
      return await work(app);
    } finally {
      calls.delete(call);
    }
  }

  #share(overrides: AppConfig, request: object): Shared {
    const key = JSON.stringify([overrides, request]);
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const { context, logger } = this.#base;
    const config = merged(this.#config, overrides);
    assertAccount(config, context);
    const calls = new Set<CallContext>();
    const log = coreLog(logger, (warning) => {
      const [oldest] = calls;
      oldest?.warn(warning);
    });
    const made = { app: createApp(config, { ...context, log }), calls };
    this.#shared.set(key, made);
    return made;
  }
}

function merged(config: AppConfig, overrides: AppConfig): AppConfig {
  const entries = Object.entries(overrides).map(([name, over]) => {
    const own = config[name];
    return [name, isObject(own) && isObject(over) ? { ...own, ...over } : over] as const;
  });
  return { ...config, ...Object.fromEntries(entries) };
}

const [ACCOUNT_VARIABLE] = IMPERSONATE.serviceAccountId.env;

/** Without this, a block that names no account would silently hand out the caller's own token. */
function assertAccount({ impersonate }: AppConfig, { env }: Context): void {
  if (!isObject(impersonate) || impersonate["serviceAccountId"] !== undefined) return;
  if ((env[ACCOUNT_VARIABLE] ?? "").trim() !== "") return;
  const account = option("impersonate.serviceAccountId");
  throw new OptionError(
    say`${option("impersonate")} asks for another account's token and names no account: ${account} is null or not written, and ${ACCOUNT_VARIABLE} is not set. Write the account's id, or leave the block out.`,
    "impersonate.serviceAccountId",
  );
}

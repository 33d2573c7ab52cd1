import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator";
import { type AppConfig, createApp, type TokenResult } from "../../provider/app";
import type { Context } from "../../provider/core/context";
import { YciamError } from "../../provider/core/words/errors";

/** An emulator for all tests of one suite, reset before each of them. */
export function emulatorForAll(options: EmulatorOptions = {}): { readonly current: Emulator } {
  const holder = { current: undefined as unknown as Emulator };
  before(async () => {
    holder.current = await startEmulator(options);
  });
  beforeEach(() => holder.current.reset());
  after(() => holder.current.close());
  return holder;
}

/** Options that point at the emulator; the audience stays the installation's. */
export function at(emulator: Emulator): AppConfig {
  return { iamEndpoint: emulator.iamEndpoint, authEndpoint: emulator.authEndpoint, retries: 0 };
}

/** A token, through the whole app. */
export async function getToken(config: AppConfig, context: Context): Promise<TokenResult> {
  return createApp(config, context).getIamToken();
}

/** The error that a call for a token ends with; fails when it ends well. */
export async function refusalOf(config: AppConfig, context: Context): Promise<YciamError> {
  const outcome = await getToken(config, context).catch((error: unknown) => error);
  if (outcome instanceof YciamError) return outcome;
  if (outcome instanceof Error) throw outcome;
  throw new Error("a token was given, where an error was expected");
}

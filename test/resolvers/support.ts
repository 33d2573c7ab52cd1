import { expect } from "chai";
import { type Emulator, type EmulatorOptions, type KeyFile, startEmulator } from "../../emulator";
import { type AppConfig, createApp, type TokenResult } from "../../provider/app";
import type { Context } from "../../provider/core/context";
import { YciamError } from "../../provider/core/words/errors";
import type { TestContext } from "../support/context";
import { failureOf } from "../support/failure";

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

/** A key of that emulator's, for all tests of one suite. */
export function keyForAll(emulator: { readonly current: Emulator }): { readonly current: KeyFile } {
  const holder = { current: undefined as unknown as KeyFile };
  before(async () => {
    holder.current = await emulator.current.createKey();
  });
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
  const error = await failureOf(getToken(config, context));
  expect(error, error.stack).to.be.instanceOf(YciamError);
  return error;
}

/** What an explanation says of one resolver. */
export async function rowOf(resolver: string, config: AppConfig, context: Context) {
  const { resolvers } = await createApp(config, context).explain();
  return resolvers.find((row) => row.resolver === resolver);
}

/** The warnings logged so far. */
export function warningsOf({ logs }: TestContext): readonly string[] {
  return logs.filter(({ level }) => level === "warn").map(({ message }) => message);
}

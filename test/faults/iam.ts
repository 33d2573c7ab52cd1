import { expect } from "chai";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator";
import { createApp, type Explanation, type TokenResult } from "../../provider/app";
import type { Context } from "../../provider/core/context";
import type { AppConfig } from "../../provider/core/chain/plan";
import { Session } from "../../provider/core/token/session";
import { YciamError } from "../../provider/core/words/errors";
import { testContext, type TestContext } from "../support/context";
import { everyText } from "../support/every-text";
import { failureOf } from "../support/failure";

/** One IAM, one key, and one process that asks for tokens. */
export interface Trial {
  readonly emulator: Emulator;
  readonly context: TestContext;
  /** The key file's text. */
  readonly key: string;
  /** Everything that no log and no error may show. */
  readonly secrets: readonly string[];
  get(config?: AppConfig, signal?: AbortSignal): Promise<TokenResult>;
  /** The same in another process, which has nothing in memory. */
  getInAnother(config?: AppConfig): Promise<TokenResult>;
  explain(config?: AppConfig): Promise<Explanation>;
  /** The error of a call that is meant to fail; fails itself when there is a secret in it. */
  failure(config?: AppConfig, signal?: AbortSignal): Promise<YciamError>;
  /** Fails when anything secret was shown: in the log, in an error, in an explanation, or in `text`. */
  assertSilent(text?: string): void;
  /** Ends the emulator; fails as `assertSilent` does. */
  close(): Promise<void>;
}

/** Starts the emulator and makes a key. */
export async function startTrial(
  options: EmulatorOptions = {},
  parts: Partial<Context> = {},
): Promise<Trial> {
  const emulator = await startEmulator({ recordBodies: true, reuseWhileMs: Infinity, ...options });
  const key = await emulator.createKey();
  const text = JSON.stringify(key);
  const context = testContext({
    ...parts,
    env: { YC_METADATA_ADDR: emulator.metadataAddress, ...parts.env },
  });
  const secrets = [key.private_key, JSON.stringify(key.private_key)].map((whole) => whole.slice(100, 200));
  const base = { serviceAccountKey: { json: text }, iamEndpoint: emulator.iamEndpoint };
  /** Texts of all errors and explanations that came out. */
  const seen = new Set<string>();
  const watched = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      seen.add(everyText(error));
      throw error;
    }
  };
  const app = (config: AppConfig = {}, own = {}) => createApp({ ...base, ...config }, { ...context, ...own });
  const get = (config?: AppConfig, signal?: AbortSignal) => watched(() => app(config).getIamToken(signal));
  const explain = async (config?: AppConfig) => {
    const explanation = await watched(() => app(config).explain());
    seen.add(JSON.stringify(explanation));
    return explanation;
  };
  const assertSilent = (shown = "") => {
    const jwts = emulator.requests.flatMap(({ body }) => /eyJ[-\w]+\.[-\w]+\.[-\w]+/.exec(body ?? "") ?? []);
    const all = [...secrets, ...jwts, ...emulator.issuedTokens.map(({ token }) => token)];
    const text = [shown, ...seen, ...context.logs.map((line) => JSON.stringify(line))].join("\n");
    for (const secret of all) expect(text).not.to.include(secret);
    // The digest of a credential is no secret, but a log needs no more of it than tells two apart.
    expect(text).not.to.match(/[0-9a-f]{64}/);
  };
  return {
    emulator,
    context,
    key: text,
    secrets,
    get,
    getInAnother: (config) => watched(() => app(config, { session: new Session() }).getIamToken()),
    explain,
    failure: async (config, signal) => {
      const error = await failureOf<unknown>(get(config, signal));
      if (!(error instanceof YciamError)) throw error;
      assertSilent();
      return error;
    },
    assertSilent,
    close: async () => {
      await emulator.close();
      assertSilent();
    },
  };
}

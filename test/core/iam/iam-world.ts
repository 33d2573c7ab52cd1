import type { Emulator } from "../../../emulator/index";
import type { Context } from "../../../provider/core/context";
import { type EndpointOptions, resolveEndpoints } from "../../../provider/core/iam/endpoints";
import { Iam } from "../../../provider/core/iam/iam";
import { startCall } from "../../../provider/core/token/call";
import { ServerClock } from "../../../provider/core/token/clock";
import { testContext, type TestContext } from "../../support/context";

/** A client of the emulator's IAM, with the log of its host. */
export interface Client {
  readonly iam: Iam;
  readonly context: TestContext;
}

/** A client on a host whose clock is right. */
export function clientOf(
  emulator: Emulator,
  options: EndpointOptions = {},
  parts: Partial<Context> = {},
): Client {
  const now = () => emulator.now();
  const context = testContext({ now, ...parts });
  const { iamEndpoint, authEndpoint } = emulator;
  const own = options.endpoint === undefined ? { iamEndpoint, authEndpoint } : {};
  const endpoints = resolveEndpoints({ ...own, ...options });
  return { iam: new Iam(context, endpoints, new ServerClock(now)), context };
}

/** A call with time enough, and no retries. */
export const aCall = () => startCall(new AbortController().signal, 5000);

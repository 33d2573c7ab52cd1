/**
 * Makes one first call of the SDK with a key file, and prints what of our own code ran until the HTTP client was
 * called: the frames that led there, asynchronous ones too, and all distinct functions.
 */
import { console as inspectorConsole, Session } from "node:inspector";
import type * as GotModule from "got";
// It is loaded when it is needed, and what loading runs is not counted.
import "../../provider/platform/http";
import { getIamToken } from "../../sdk/nodejs/get-iam-token";

/** Told of each call of got, before it is passed on. */
let onRequest: () => void = () => undefined;
// eslint-disable-next-line @typescript-eslint/no-require-imports -- as the HTTP client does
const { got } = require("got") as typeof GotModule;
const loaded = require.cache[require.resolve("got")] as { exports: unknown };
loaded.exports = {
  got: (...args: Parameters<typeof got>) => {
    onRequest();
    return got(...args);
  },
};

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

interface StackTrace {
  readonly callFrames: readonly Frame[];
  readonly parent?: StackTrace;
  readonly parentId?: object;
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }[];
}

const isOwn = (url: string) => /\/(?:provider|sdk\/nodejs)\/.+\.ts$/.test(url);
const nameOf = ({ url, functionName, lineNumber = 0 }: Partial<Frame>) =>
  `${(url as string).replace(/^.*\/(?=(?:provider|sdk)\/)/, "")} ${functionName || `anonymous at ${lineNumber + 1}`}`;

const session = new Session();
session.connect();
const post = (method: string, parameters: object = {}) =>
  new Promise<object>((done, fail) =>
    session.post(method, parameters, (error, answer) =>
      error === null ? done(answer as object) : fail(error),
    ),
  );

/** The distinct frames of our own code that led to a place, those before an `await` too. */
async function framesOf(trace: StackTrace | undefined): Promise<readonly string[]> {
  const frames = new Set<string>();
  for (let part = trace; part !== undefined;) {
    for (const frame of part.callFrames) if (isOwn(frame.url)) frames.add(nameOf(frame));
    const { parent, parentId } = part;
    const found = parentId && ((await post("Debugger.getStackTrace", { stackTraceId: parentId })) as never);
    part = parent ?? (found as { stackTrace: StackTrace } | undefined)?.stackTrace;
  }
  return [...frames];
}

async function main([file = "", iamEndpoint = ""]: readonly string[]): Promise<void> {
  let trace: StackTrace | undefined;
  session.on("Runtime.consoleAPICalled", ({ params }) => (trace ??= params.stackTrace as StackTrace));
  for (const domain of ["Runtime", "Debugger", "Profiler"]) await post(`${domain}.enable`);
  await post("Debugger.setAsyncCallStackDepth", { maxDepth: 64 });
  await post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  let coverage: Promise<object> | undefined;
  onRequest = () => {
    coverage ??= post("Profiler.takePreciseCoverage");
    // The inspector is told of this line, with the stack behind it; nothing is printed.
    inspectorConsole.debug("here");
  };
  await getIamToken({ serviceAccountKey: { file }, iamEndpoint });
  const { result } = (await coverage) as Coverage;
  const functions = result
    .filter(({ url }) => isOwn(url))
    .flatMap(({ url, functions: all }) =>
      all
        .filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0)
        .map(({ functionName }) => nameOf({ url, functionName })),
    );
  process.stdout.write(JSON.stringify({ frames: await framesOf(trace), functions }));
  process.exit();
}

void main(process.argv.slice(2));

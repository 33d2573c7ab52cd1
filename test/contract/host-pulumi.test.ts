import type { ServiceError } from "@grpc/grpc-js";
import { servePlugin } from "../pulumi/support/serve";
import type { Answer, HostDriver, Options } from "./host-driver";
import { describeHost } from "./host-scenarios";

const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** The Pulumi plugin over real gRPC, as an engine would drive it. */
const pulumi: HostDriver = {
  name: "the Pulumi plugin",
  start: async ({ env, now }) => {
    const { client, context, close } = await servePlugin({ env, now });
    await client.configure();
    const told: string[] = [];
    const ask = async (options: Options, signal?: AbortSignal): Promise<Answer> => {
      const answer = await invoke(options, signal);
      told.push("message" in answer ? answer.message : JSON.stringify(shown(answer)));
      return answer;
    };
    const invoke = async (options: Options, signal?: AbortSignal): Promise<Answer> => {
      try {
        const { result, failures } = await client.invoke("getIamToken", options, signal);
        const [failure] = failures;
        // As Pulumi's SDKs put the two together.
        return failure ? { message: `${failure.reason} (${failure.property})` } : toAnswer(result);
      } catch (error) {
        return { message: (error as ServiceError).details };
      }
    };
    return {
      spell: (path) => path,
      ask,
      warnings: () => context.logs.filter(({ level }) => level === "warn").map(({ message }) => message),
      said: () => [...told, JSON.stringify(context.logs)].join("\n"),
      close: async () => close(),
    };
  },
};

function toAnswer(result: Readonly<Record<string, unknown>>): Answer {
  const isSecret = (value: unknown) => typeof value === "object" && value !== null && SIGNATURE in value;
  const values = Object.entries(result).map(([name, value]) => [
    name,
    isSecret(value) ? (value as unknown as { value: string }).value : value,
  ]);
  const secret = Object.keys(result).filter((name) => isSecret(result[name]));
  return { values: Object.fromEntries(values) as Record<string, string>, secret };
}

function shown(answer: Exclude<Answer, { message: string }>): object {
  return Object.fromEntries(Object.entries(answer.values).filter(([name]) => !answer.secret.includes(name)));
}

describeHost(pulumi);

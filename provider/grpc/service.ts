import { Code, StatusError } from "./status";

/** What a handler knows of its call beside the request. */
export interface Call {
  /** Aborts when the host cancels, its deadline passes, or the plugin stops. The reason is a StatusError. */
  readonly signal: AbortSignal;
  /** The connection it came by. A host opens one for each configuration of a provider. */
  readonly connection: object;
  /** Calls back once this call is over and its answer on the wire. */
  onAnswered(callback: () => void): void;
}

/** A unary method on bytes. */
export type Method = (request: Uint8Array, call: Call) => Promise<Uint8Array>;

/** What one server answers: methods by path, and streams it only holds open. Any other path is UNIMPLEMENTED. */
export interface Routes {
  readonly unary: Pick<ReadonlyMap<string, Method>, "get">;
  /** Accepted, never written to, and kept open until the other side or the server closes. */
  readonly held: ReadonlySet<string>;
}

/** A message type as ts-proto generates it, whatever the message. */
export interface MessageType {
  encode(message: never): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
}

/** A service as ts-proto generates it with `outputServices=generic-definitions`. */
export interface ServiceDefinition {
  readonly fullName: string;
  readonly methods: Readonly<Record<string, MethodDefinition>>;
}

interface MethodDefinition {
  readonly name: string;
  readonly requestType: MessageType;
  readonly responseType: MessageType;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

type MessageOf<T> = T extends { decode(bytes: Uint8Array): infer M } ? M : never;

/** One typed handler for each method of a service. */
export type Handlers<S extends ServiceDefinition> = {
  readonly [K in keyof S["methods"]]: (
    request: MessageOf<S["methods"][K]["requestType"]>,
    call: Call,
  ) => Promise<MessageOf<S["methods"][K]["responseType"]>>;
};

function decode(type: MessageType, bytes: Uint8Array): unknown {
  try {
    return type.decode(bytes);
  } catch {
    throw new StatusError(Code.INTERNAL, "the request cannot be read");
  }
}

/** Joins a generated definition and its handlers into methods on bytes, by path. */
export function bind<S extends ServiceDefinition>(definition: S, handlers: Handlers<S>): Map<string, Method> {
  const routes = new Map<string, Method>();
  for (const [key, method] of Object.entries(definition.methods)) {
    const handle = handlers[key as keyof S["methods"]] as (request: unknown, call: Call) => Promise<never>;
    routes.set(`/${definition.fullName}/${method.name}`, async (bytes, call) => {
      const response = await handle(decode(method.requestType, bytes), call);
      return method.responseType.encode(response).finish();
    });
  }
  return routes;
}

import { type RequestListener } from "node:http";
import { type GrpcFace } from "./grpc/face";
import { type Listener, type ListenOptions, openListener, type TlsOptions } from "./listener";

/** Where the emulator is to be reached. */
export interface AddressOptions {
  readonly host?: string;
  readonly port?: number;
  readonly tls?: TlsOptions;
  readonly ipv6?: boolean;
}

/** The open listeners by what they are for. */
export interface OpenAddresses {
  readonly main: Listener;
  readonly ipv6: Listener | undefined;
  /** The same as `main` unless that one speaks TLS, which the metadata service does not. */
  readonly metadata: Listener;
  /** Each one once. */
  readonly all: readonly Listener[];
}

/** What is answered there. */
export interface Faces {
  readonly everything: RequestListener;
  /** The metadata service alone. */
  readonly machine: RequestListener;
  readonly grpc: GrpcFace | undefined;
}

/** Opens the listeners that the options ask for; closes them all again when one fails. */
export async function openAddresses(options: AddressOptions, faces: Faces): Promise<OpenAddresses> {
  const { host = "127.0.0.1", port = 0, tls } = options;
  const { everything, machine, grpc } = faces;
  const all: Listener[] = [];
  const open = async (where: ListenOptions, handler: RequestListener): Promise<Listener> => {
    const listener = await openListener(where, handler);
    all.push(listener);
    return listener;
  };
  // A proxy is asked without TLS, as the metadata service is.
  const tunnelTo = grpc && (() => all[0]?.port ?? 0);
  try {
    const proxied = tls === undefined ? { tunnelTo } : { tls };
    const main = await open({ host, port, grpc, ...proxied }, everything);
    const ipv6 = options.ipv6 === true ? await open({ host: "::1", port, tls, grpc }, everything) : undefined;
    const metadata = tls === undefined ? main : await open({ host, port: 0, tunnelTo }, machine);
    return { main, ipv6, metadata, all };
  } catch (error) {
    await Promise.all(all.map((listener) => listener.close()));
    throw error;
  }
}

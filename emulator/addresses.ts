import { type RequestListener } from "node:http";
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

/** Opens the listeners that the options ask for; closes them all again when one fails. */
export async function openAddresses(
  options: AddressOptions,
  everything: RequestListener,
  machine: RequestListener,
): Promise<OpenAddresses> {
  const { host = "127.0.0.1", port = 0, tls } = options;
  const all: Listener[] = [];
  const open = async (where: ListenOptions, handler: RequestListener): Promise<Listener> => {
    const listener = await openListener(where, handler);
    all.push(listener);
    return listener;
  };
  try {
    const main = await open({ host, port, tls }, everything);
    const ipv6 = options.ipv6 === true ? await open({ host: "::1", port, tls }, everything) : undefined;
    const metadata = tls === undefined ? main : await open({ host, port: 0 }, machine);
    return { main, ipv6, metadata, all };
  } catch (error) {
    await Promise.all(all.map((listener) => listener.close()));
    throw error;
  }
}

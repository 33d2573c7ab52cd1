import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { transpiling } from "../../test/support/bundle";

/** Where IAM is, and who may ask it. */
export interface IamAddresses {
  readonly url: string;
  /** `host:port` of the same over gRPC. */
  readonly grpc: string;
  /** PEM of the authority that the server's certificate is of. */
  readonly certificate: string;
  /** The key file's text. */
  readonly key: string;
}

/** IAM in a process of its own, so that it takes no time of whoever asks it. */
export interface Iam extends IamAddresses {
  /** How many requests came since this was asked last. */
  readonly takeCount: () => Promise<number>;
  readonly close: () => void;
}

/** Starts it. */
export async function startIam(): Promise<Iam> {
  const server = fork(join(__dirname, "serve.ts"), { execArgv: [...transpiling] });
  const said = async <T>(): Promise<T> => ((await once(server, "message")) as [T])[0];
  const addresses = await said<IamAddresses>();
  return {
    ...addresses,
    takeCount: () => {
      const count = said<number>();
      server.send("count");
      return count;
    },
    close: () => server.disconnect(),
  };
}

import { type Socket } from "node:net";

/** What answers gRPC on connections that somebody else accepts. */
export interface GrpcFace {
  /** Serves a connection on which HTTP/2 is spoken. */
  take(socket: Socket): void;
  /** Ends every call. */
  close(): void;
}

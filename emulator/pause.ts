/** A connection, or the response on it. */
interface Closable {
  readonly destroyed: boolean;
  once(event: "close", listener: () => void): unknown;
  off(event: "close", listener: () => void): unknown;
}

/** Waits, unless the connection ends first. Resolves to whether the client is still there; leaves no timer behind. */
export function pause(ms: number | undefined, connection: Closable): Promise<boolean> {
  if (connection.destroyed) return Promise.resolve(false);
  if (ms === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    const gone = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      connection.off("close", gone);
      resolve(true);
    }, ms);
    connection.once("close", gone);
  });
}

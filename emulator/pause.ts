import { type ServerResponse } from "node:http";

/** Waits, unless the connection ends first. Resolves to whether the client is still there; leaves no timer behind. */
export function pause(ms: number | undefined, response: ServerResponse): Promise<boolean> {
  if (response.destroyed) return Promise.resolve(false);
  if (ms === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    const gone = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      response.off("close", gone);
      resolve(true);
    }, ms);
    response.once("close", gone);
  });
}

import { ApiError } from "./errors";
import { type Route } from "./http";

/** Ids that the discovery names when the emulator starts. */
export const ENDPOINT_IDS = ["endpoint", "iam", "resource-manager"] as const;

const PREFIX = "/endpoints/";

/**
 * ApiEndpointService over REST: `GET /endpoints` and `GET /endpoints/{id}`. No authorization, as for the real one.
 * `written` is how an address is written.
 */
export function endpointRoutes(
  addresses: ReadonlyMap<string, string>,
  written: (address: string) => string = (address) => address,
): Route<"endpoints">[] {
  const method = "GET";
  return [
    {
      name: "endpoints",
      method,
      path: "/endpoints",
      handle: () => {
        const endpoints = [...addresses].map(([id, address]) => ({ id, address: written(address) }));
        return { status: 200, body: { endpoints, nextPageToken: "" } };
      },
    },
    {
      name: "endpoints",
      method,
      path: /^\/endpoints\/[^/]+$/,
      handle: (call) => {
        // Ids hold only characters that stand in a path as they are.
        const id = call.path.slice(PREFIX.length);
        const address = addresses.get(id);
        if (address === undefined) throw new ApiError(5, `API endpoint ${id} not found`); // unconfirmed text
        return { status: 200, body: { id, address: written(address) } };
      },
    },
  ];
}

/** An address as gRPC has it: no scheme before it. */
export function withoutScheme(address: string): string {
  return address.replace(/^https?:\/\//, "");
}

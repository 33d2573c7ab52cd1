import { ApiError } from "./errors";
import { type Call } from "./http";

/** The JSON object in a call's body; throws ApiError (3) for another content type or another kind of body. */
export function jsonBody(call: Call): Record<string, unknown> {
  const contentType = call.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  // Unconfirmed texts, here and below.
  if (contentType !== "application/json") throw new ApiError(3, "Content-Type must be application/json");
  try {
    const value: unknown = JSON.parse(call.body);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Told below, as for JSON of another kind.
  }
  throw new ApiError(3, "The request body is not a JSON object");
}

/** A text field of a body, or undefined when absent; throws ApiError (3) when it is no text or longer than `max`. */
export function textField(body: Record<string, unknown>, name: string, max: number): string | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  // Unconfirmed texts; the first lines follow the real one of a missing field.
  if (typeof value !== "string") throw new ApiError(3, `Validation failed:\n  - ${name}: Must be a string`);
  if (value.length > max) {
    throw new ApiError(3, `Validation failed:\n  - ${name}: Length must be less than or equal to ${max}`);
  }
  return value;
}

/** A text field that must be there and not empty; throws ApiError (3). */
export function requiredField(body: Record<string, unknown>, name: string, max: number): string {
  const value = textField(body, name, max);
  // Unconfirmed text.
  if (value === undefined || value === "")
    throw new ApiError(3, `Validation failed:\n  - ${name}: Field is required`);
  return value;
}

/** What a JSON text says; undefined for what is no JSON. Node's own error would quote the text, which may be a secret. */
export function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The object that a JSON text is; undefined for anything else. */
export function tryParseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const parsed = tryParseJson(text);
  return isObject(parsed) ? parsed : undefined;
}

/** Whether a value is an object with named fields. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

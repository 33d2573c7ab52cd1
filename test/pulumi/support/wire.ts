/** A secret, as it travels. */
export function secret(value: unknown): { readonly [name: string]: unknown } {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** Stands for a value that is not known yet. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What is under a secret's signature; an Error for what has none. */
export function opened(value: unknown): unknown {
  const { "4dabf18193072939515e22adb298388d": signature, value: inner } = (value ?? {}) as Record<
    string,
    unknown
  >;
  if (signature !== "1b47061264138c4ac30d75fd1eb44270") throw new Error("this is no secret on the wire");
  return inner;
}

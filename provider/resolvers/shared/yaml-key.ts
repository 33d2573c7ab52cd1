import type { Secret } from "../../core/words/secret";

/**
 * An authorised key that is written as YAML, as Yandex's own Go tools take it too; undefined for anything else. The
 * library's errors are not passed on: they quote the text.
 */
export async function parseYamlKey(text: Secret): Promise<unknown> {
  const raw = text.reveal();
  if (!/^\s*private_?key\s*:/im.test(raw)) return undefined;
  const { parseDocument } = await import("yaml");
  const document = parseDocument(raw, { prettyErrors: false, logLevel: "silent" });
  try {
    return document.errors.length > 0 ? undefined : document.toJS();
  } catch {
    // An alias to what is nowhere in the text, or one that swells without end, is found only here.
    return undefined;
  }
}

/** One step into a value: an attribute of an object, a key of a map, an element of a list. */
export type Step = { readonly attribute: string } | { readonly key: string } | { readonly index: number };

/** The way from the top of a configuration to one value in it. */
export type Path = readonly Step[];

/** A path of attribute names only, the usual kind. */
export function attributePath(...names: readonly string[]): Path {
  return names.map((attribute) => ({ attribute }));
}

/** The path one step further in. */
export function into(path: Path, step: Step): Path {
  return [...path, step];
}

/** The path as Terraform's users write it: `a.b[0]["c"]`. */
export function showPath(path: Path): string {
  return path.map(showStep).join("").replace(/^\./, "");
}

function showStep(step: Step): string {
  if ("attribute" in step) return `.${step.attribute}`;
  return "key" in step ? `[${JSON.stringify(step.key)}]` : `[${step.index}]`;
}

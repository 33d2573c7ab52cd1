/** One step into a value: an attribute of an object, an element of a list. */
export type Step = { readonly attribute: string } | { readonly index: number };

/** The way from the top of a configuration to one value in it. */
export type Path = readonly Step[];

/** A path of attribute names only. */
export function attributePath(...names: readonly string[]): Path {
  return names.map((attribute) => ({ attribute }));
}

/** The path as Terraform's users write it: `a.b[0]`. */
export function showPath(path: Path): string {
  const steps = path.map((step) => ("attribute" in step ? `.${step.attribute}` : `[${step.index}]`));
  return steps.join("").replace(/^\./, "");
}

// Writes docs/, in the layout that the registries of Terraform and OpenTofu read, from the provider's own schemas and
// the texts in scripts/terraform-docs/.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Resolver } from "../provider/core/chain/resolver";
import { resolvers } from "../provider/resolvers/index";
import type { Schema } from "../provider/terraform/schema";
import { createProvider } from "../provider/terraform/yciam/provider";
import { renderFunction } from "./terraform-docs/function";
import { renderSchema } from "./terraform-docs/schema";

/** The resolver that is tried at a terminal alone, which a host gives no plugin. */
const NEEDS_TERMINAL = "ycCli";

const ROOT = join(__dirname, "..");
// A schema needs nothing of what stands behind it.
const provider = createProvider({} as never);

interface Page {
  readonly file: string;
  readonly text: string;
  readonly title: string;
  readonly schema: Schema;
}

const data = (name: string, text: string): Page => ({
  file: `docs/data-sources/${name.replace(/^yciam_/, "")}.md`,
  text,
  title: `${name} Data Source - yciam`,
  schema: provider.dataSources[name]!.schema,
});

const ephemeral = (name: string, text: string): Page => ({
  file: `docs/ephemeral-resources/${name.replace(/^yciam_/, "")}.md`,
  text,
  title: `${name} Ephemeral Resource - yciam`,
  schema: provider.ephemeralResources[name]!.schema,
});

const PAGES: readonly Page[] = [
  { file: "docs/index.md", text: "index.md", title: "yciam Provider", schema: provider.schema },
  ephemeral("yciam_token", "ephemeral-token.md"),
  ephemeral("yciam_access_key", "ephemeral-access-key.md"),
  data("yciam_token", "data-token.md"),
  data("yciam_token_info", "data-token-info.md"),
  data("yciam_resolvers", "data-resolvers.md"),
];

/** Each page as it should be, by its path from the root. */
export function terraformDocs(): Readonly<Record<string, string>> {
  const pages = PAGES.map((page) => [page.file, render(page)] as const);
  const functions = Object.entries(provider.functions).map(
    ([name, row]) =>
      [`docs/functions/${name}.md`, renderFunction(name, row, textOf(`function-${name}.md`))] as const,
  );
  return Object.fromEntries([...pages, ...functions]);
}

const textOf = (file: string) => readFileSync(join(__dirname, "terraform-docs", file), "utf8");

function render({ text, title, schema }: Page): string {
  const body = textOf(text).replace(/\{\{ (\w+)(?: (\S+))? \}\}/g, (_, what: string, file?: string) =>
    fill(what, file, schema),
  );
  const [heading = ""] = title.split(" - ");
  return `${frontMatter(title, schema)}\n# ${heading}\n\n${body.trim()}\n`;
}

function fill(what: string, file: string | undefined, schema: Schema): string {
  if (what === "schema") return renderSchema(schema);
  if (what === "resolvers") return resolverTable();
  if (what !== "example" || file === undefined)
    throw new Error(`nothing is known to put in place of ${what}`);
  return `\`\`\`terraform\n${readFileSync(join(ROOT, "examples", file), "utf8").trim()}\n\`\`\``;
}

function frontMatter(title: string, schema: Schema): string {
  const description = schema.wire.block?.description ?? "";
  return `---\npage_title: "${title}"\nsubcategory: ""\ndescription: |-\n  ${description}\n---\n`;
}

function resolverTable(): string {
  const isTried = ({ name, onlyWhenNamed }: Resolver) => onlyWhenNamed !== true && name !== NEEDS_TERMINAL;
  const tried = resolvers.filter(isTried);
  const rows = resolvers.map((resolver) => {
    const place = isTried(resolver) ? String(tried.indexOf(resolver) + 1) : "only when it is named";
    return `| ${place} | \`${resolver.name}\` | ${resolver.summary} |`;
  });
  return ["| | resolver | what it is |", "|---|---|---|", ...rows].join("\n");
}

if (require.main === module) {
  for (const [file, text] of Object.entries(terraformDocs())) {
    mkdirSync(dirname(join(ROOT, file)), { recursive: true });
    writeFileSync(join(ROOT, file), text);
  }
}

import type { Parameter, ProviderFunction } from "../../provider/terraform/definition";

/**
 * A function's page in the layout of the registries' own.
 * @param text what stands between the description and the signature
 */
export function renderFunction(name: string, row: ProviderFunction, text: string): string {
  const { summary, description, parameters, rest } = row;
  const items = parameters.map((parameter) => argument(parameter, "String"));
  return `---
page_title: "${name} function - yciam"
subcategory: ""
description: |-
  ${summary}
---

# function: ${name}

${description}

${text.trim()}

## Signature

\`\`\`text
${name}(${[...parameters.map(typed), ...(rest ? [`${typed(rest)}...`] : [])].join(", ")}) string
\`\`\`

## Arguments

${[...items, ...(rest ? [argument(rest, "Variadic, String")] : [])].join("\n")}
`;
}

const typed = ({ name }: Parameter) => `${name} string`;

const argument = ({ name, description }: Parameter, type: string) =>
  `1. \`${name}\` (${type}) ${description}`;

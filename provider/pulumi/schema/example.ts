/** One program in every language whose SDK is made here, each of which the tests run. */
export interface Example {
  readonly title: string;
  readonly typescript: string;
  readonly python: string;
  readonly go: string;
  readonly yaml: string;
}

/** The examples in the form that Pulumi's documentation generators read. */
export function renderExamples(...examples: readonly Example[]): string {
  return ["{{% examples %}}", "## Example Usage", ...examples.map(renderExample), "{{% /examples %}}"].join(
    "\n",
  );
}

function renderExample({ title, ...programs }: Example): string {
  const fenced = Object.entries(programs).map(
    ([language, program]) => `\`\`\`${language}\n${program.trim()}\n\`\`\``,
  );
  return ["{{% example %}}", `### ${title}`, "", ...fenced, "{{% /example %}}"].join("\n");
}

/** What is thrown by a defect: its kind and its place. Its message may hold anything, a secret too, and is not shown. */
export function describeDefect(error: unknown): string {
  const { name, stack = "" } = error instanceof Error ? error : { name: "value thrown" };
  const place = /([^\s(/\\]+:\d+):\d+\)?$/m.exec(stack)?.[1];
  return `${name}${place ? ` at ${place}` : ""}`;
}

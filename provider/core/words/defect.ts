/**
 * What is thrown by a defect: its kind, and the place in a program that it came from, such as `TypeError at chain.js:47`.
 * Its message may hold anything, a secret too, and is not shown.
 */
export function describeDefect(error: unknown): string {
  if (!(error instanceof Error)) return "value thrown";
  const place = placeOf(error);
  return place === undefined ? error.name : `${error.name} at ${place}`;
}

/** File and line of the first frame that is not Node's own. A message has lines too, and stands before the frames. */
function placeOf({ stack = "", message }: Error): string | undefined {
  const frames = stack.slice(stack.indexOf(message) + message.length).match(/^ {4}at .+$/gm) ?? [];
  return frames
    .filter((frame) => !frame.includes("node:"))
    .map((frame) => /([^\s(/\\]+:\d+):\d+\)?$/.exec(frame)?.[1])
    .find((place) => place !== undefined);
}

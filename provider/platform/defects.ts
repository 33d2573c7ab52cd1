import { describeDefect } from "../core/words/defect";

/**
 * Ends a plugin at an error outside of any call, as a resolver of the user's own may throw. By themselves Node and Bun
 * print such an error whole, with the lines of code around it, and a secret may be in them.
 */
export function endAtDefects(program: string): void {
  process.on("uncaughtException", (error: unknown) => {
    const what = `an unexpected ${describeDefect(error)}`;
    process.stderr.write(`${program}: ${what}. This is a defect of it, or of a resolver of your own.\n`);
    process.exit(1);
  });
}

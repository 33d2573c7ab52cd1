// Names of profiles, files and accounts are written by others. In one with control characters a terminal could find
// orders: to move the cursor, to colour what follows, to turn it around.

/** Text as a terminal may get it: its lines stay, other control characters do not. */
export function forTerminal(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, "");
}

/** JSON as a terminal may get it: control characters are escaped, and read back as they were. */
export function jsonForTerminal(value: unknown): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value, null, 2).replace(/[^\P{C}\n]/gu, (character) =>
    character.split("").map(escaped).join(""),
  );
}

const HEADING = /^## (\d+\.\d+\.\d+\S*)(?: \((.*)\))?$/;

/**
 * The section of a version in CHANGELOG.md.
 * @returns {{ text: string, isReleased: boolean } | undefined} what is below its heading; undefined where it has none
 */
export function sectionOf(changelog, version) {
  const lines = changelog.split("\n");
  const start = lines.findIndex((line) => HEADING.exec(line)?.[1] === version);
  if (start < 0) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith("## "));
  const body = lines.slice(start + 1, length < 0 ? undefined : start + 1 + length);
  return { text: body.join("\n").trim(), isReleased: HEADING.exec(lines[start])[2] !== "not released" };
}

/** What is said of a version where it is published. */
export function releaseNotes(changelog, version) {
  return {
    name: "RELEASE_NOTES.md",
    content: Buffer.from(`# yciam ${version}\n\n${sectionOf(changelog, version).text}\n`),
  };
}

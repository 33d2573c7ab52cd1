import { execFileSync } from "node:child_process";

/**
 * The commit that a folder is at, and whether all in it is as committed.
 * @returns {{ hash: string | undefined, isClean: boolean }} no hash where it is no clone
 */
export function commitOf(root) {
  const git = (...args) =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return { hash: git("rev-parse", "HEAD"), isClean: git("status", "--porcelain") === "" };
  } catch {
    return { hash: undefined, isClean: false };
  }
}

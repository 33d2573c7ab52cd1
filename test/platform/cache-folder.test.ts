import { expect } from "chai";
import { cacheFolder } from "../../provider/platform/cache-folder";

describe("cacheFolder", () => {
  const linux = { platform: "linux", env: {}, home: "/home/me" };
  const windows = { platform: "win32", env: {}, home: "C:\\Users\\me" };
  const mac = { platform: "darwin", env: {}, home: "/Users/me" };
  const xdg = (XDG_CACHE_HOME: string) => ({ ...linux, env: { XDG_CACHE_HOME } });
  const local = { ...windows, env: { LOCALAPPDATA: "D:\\Local" } };
  for (const [title, parts, folder] of [
    ["Linux", linux, "/home/me/.cache/yciam/tokens"],
    ["XDG_CACHE_HOME", xdg("/scratch/me"), "/scratch/me/yciam/tokens"],
    ["a relative XDG_CACHE_HOME, which counts for nothing", xdg("cache"), "/home/me/.cache/yciam/tokens"],
    ["macOS", mac, "/Users/me/Library/Caches/yciam/tokens"],
    ["Windows", local, "D:\\Local\\yciam\\Cache\\tokens"],
    ["Windows without LOCALAPPDATA", windows, "C:\\Users\\me\\AppData\\Local\\yciam\\Cache\\tokens"],
    ["no known home", { ...linux, home: "" }, undefined],
  ] as const) {
    it(`is ${folder ?? "nowhere"} for ${title}`, () => {
      expect(cacheFolder(parts)).to.equal(folder);
    });
  }
});

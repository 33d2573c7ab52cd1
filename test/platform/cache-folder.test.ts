import { expect } from "chai";
import { cacheFolder } from "../../provider/platform/cache-folder";

describe("cacheFolder", () => {
  const linux = { platform: "linux", env: {}, home: "/home/me" };
  const rows = [
    { title: "Linux", parts: linux, folder: "/home/me/.cache/yciam/tokens" },
    {
      title: "XDG_CACHE_HOME",
      parts: { ...linux, env: { XDG_CACHE_HOME: "/scratch/me" } },
      folder: "/scratch/me/yciam/tokens",
    },
    {
      title: "a relative XDG_CACHE_HOME, which the specification has one ignore",
      parts: { ...linux, env: { XDG_CACHE_HOME: "cache" } },
      folder: "/home/me/.cache/yciam/tokens",
    },
    {
      title: "macOS",
      parts: { ...linux, platform: "darwin", home: "/Users/me" },
      folder: "/Users/me/Library/Caches/yciam/tokens",
    },
    {
      title: "Windows",
      parts: { platform: "win32", env: { LOCALAPPDATA: "D:\\Local" }, home: "C:\\Users\\me" },
      folder: "D:\\Local\\yciam\\Cache\\tokens",
    },
    {
      title: "Windows without LOCALAPPDATA",
      parts: { platform: "win32", env: {}, home: "C:\\Users\\me" },
      folder: "C:\\Users\\me\\AppData\\Local\\yciam\\Cache\\tokens",
    },
    { title: "no known home", parts: { ...linux, home: "" }, folder: undefined },
  ];
  for (const { title, parts, folder } of rows) {
    it(`is ${folder ?? "nowhere"} for ${title}`, () => {
      expect(cacheFolder(parts)).to.equal(folder);
    });
  }
});

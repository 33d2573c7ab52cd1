/** A platform, by the names that others have for it. */
export const PLATFORMS = ["linux", "darwin", "windows"].flatMap((os) =>
  ["amd64", "arm64"].map((arch) => ({
    os,
    arch,
    /** As Go, Terraform and our own archives name it, such as `linux_amd64`. */
    name: `${os}_${arch}`,
    /** As Node and the runtime name it, such as `linux-x64`. */
    node: `${os === "windows" ? "win32" : os}-${arch === "amd64" ? "x64" : arch}`,
    /** The end of a program's name. */
    suffix: os === "windows" ? ".exe" : "",
  })),
);

/** This machine; undefined where nothing is released for it. */
export const ownPlatform = PLATFORMS.find(({ node }) => node === `${process.platform}-${process.arch}`);

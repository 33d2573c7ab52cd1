import { createSystemContext } from "../../../provider/platform/system";

/** Prints where the home is, and what comes of reading yc's configuration there. */
async function main(): Promise<void> {
  const log = { debug: () => undefined, warn: (message: string) => console.error(message) };
  const { home, files } = createSystemContext({ log, userAgent: "yciam/test" });
  const profile = await files
    .read("~/.config/yandex-cloud/config.yaml")
    .catch((error: NodeJS.ErrnoException) => error.code);
  console.log(JSON.stringify({ home, profile }));
}

void main();

/** `service-account-key-file` for `serviceAccountKey.file`. */
export function kebabCase(path: string): string {
  return path.replaceAll(".", "-").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

import type { Spelling } from "../../core/words/message";

/** An option's path as Terraform's users write it: `service_account_key.file` for `serviceAccountKey.file`. */
export const snakeCase: Spelling = (path) => path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The name of an attribute as the app knows it. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

import { type IssuedAccessKey } from "./access-keys";
import { type ClockSettings } from "./clock";
import { type TokenSettings } from "./token-store";

/** What may be changed while the emulator runs; every field is read at each call. */
export interface Settings extends ClockSettings, TokenSettings {
  /**
   * The audience an assertion must name: the installation's, although the address is loopback. While it is the default
   * one, this address's own audiences are taken as well: clients that found the emulator by discovery derive those.
   */
  audience: string;
  /** How far in the future an assertion's `iat` may be, in milliseconds (the real tolerance is unconfirmed). */
  iatToleranceMs: number;
  /** Name of the one cloud in the resource-manager's list. */
  cloudName: string;
  /** Whether request bodies, which hold credentials, are kept in `requests`. */
  recordBodies: boolean;
  /** Is told of each ephemeral access key before it is handed out: a storage server of a test can learn it. */
  onAccessKey: (key: IssuedAccessKey) => Promise<void> | void;
}

/** Settings of an emulator that was given none. */
export const DEFAULT_SETTINGS: Readonly<Settings> = {
  clockOffsetMs: 0,
  tokenLifetimeMs: 12 * 3600 * 1000,
  reuseWhileMs: undefined,
  audience: "https://iam.api.cloud.yandex.net/iam/v1/tokens",
  iatToleranceMs: 1000,
  cloudName: "demo-cloud",
  recordBodies: false,
  onAccessKey: () => undefined,
};

/** The defaults with those fields of `given` that are set. */
export function withDefaults<T extends object>(defaults: T, given: Partial<T>): T {
  const set = Object.entries(given).filter(([key, value]) => key in defaults && value !== undefined);
  return { ...defaults, ...Object.fromEntries(set) };
}

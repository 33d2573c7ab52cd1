const UNIT_MS = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 } as const;

/** The longest a Node timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * The `grpc-timeout` header in whole milliseconds, rounded up; undefined when absent or not understood.
 * Source: grpc/grpc `doc/PROTOCOL-HTTP2.md`.
 */
export function parseTimeout(header: string | string[] | undefined): number | undefined {
  const match = typeof header === "string" ? /^(\d{1,8})([HMSmun])$/.exec(header) : null;
  if (!match) return undefined;
  const milliseconds = Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
  return Math.min(Math.ceil(milliseconds), MAX_TIMER_MS);
}

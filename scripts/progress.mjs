// Plain JavaScript: it also runs before `npm ci` has brought TypeScript.

const STARTED_AT = "YCIAM_SETUP_STARTED_AT";
const STILL_AT_IT_MS = 30_000;

/** The moment the whole set-up began, shared with child processes so that every line counts from the same start. */
export const startedAt = Number(process.env[STARTED_AT]) || Date.now();
process.env[STARTED_AT] = String(startedAt);

const seconds = (ms) => `${(ms / 1000).toFixed(1)}s`;

/** Writes one line of progress on stderr: seconds since the set-up began, the step, what is to be told about it. */
export function report(step, text) {
  process.stderr.write(`[${seconds(Date.now() - startedAt).padStart(7)}] ${step}: ${text}\n`);
}

/** Runs `work` between a line that announces it and a line that says how long it took; a long silence is broken. */
export async function during(step, text, work) {
  const began = Date.now();
  report(step, text);
  const heartbeat = setInterval(
    () => report(step, `still at it, ${seconds(Date.now() - began)}`),
    STILL_AT_IT_MS,
  );
  try {
    const result = await work();
    report(step, `done in ${seconds(Date.now() - began)}`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}

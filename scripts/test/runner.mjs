import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const WORKER = fileURLToPath(new URL("worker.mjs", import.meta.url));
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
/** A process that lives on for longer after its last file has something open that a test left. Milliseconds. */
const GRACE_MS = 30_000;

/** How a file went whose tests could not be run to their end. */
function failure(text) {
  return { passed: 0, failed: 1, skipped: 0, tree: "", failures: text };
}

const PLAIN = { title: "" };

/** A process that runs test files, one after the other. */
class Worker {
  #child;
  #files = [];

  constructor(options, way) {
    this.way = way;
    const { env, ...how } = way;
    this.#child = fork(WORKER, [JSON.stringify(options)], { ...how, env: { ...process.env, ...env } });
  }

  get isAlive() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  run(path) {
    const started = performance.now();
    const file = `${path} ${this.way.title}`.trim();
    this.#files.push(file);
    this.#child.send(path);
    return new Promise((resolve) => {
      const answer = (report) => {
        this.#child.off("message", answer).off("exit", onExit);
        resolve({ file, ms: performance.now() - started, ...report });
      };
      const onExit = (code, signal) => answer(failure(`its process ended with ${signal ?? `code ${code}`}`));
      this.#child.on("message", answer).on("exit", onExit);
    });
  }

  /** Lets the process end, which it does by itself when its tests left nothing open; answers one more failure otherwise. */
  end(graceMs) {
    return new Promise((resolve) => {
      if (!this.isAlive) return resolve([]);
      const timer = setTimeout(() => {
        this.kill("SIGKILL");
        const file = `one of ${this.#files.join(", ")}`;
        resolve([{ file, ms: graceMs, ...failure("it left something open, and its process did not end") }]);
      }, graceMs);
      this.#child.once("exit", () => {
        clearTimeout(timer);
        resolve([]);
      });
      this.#child.disconnect();
    });
  }

  kill(signal) {
    this.#child.kill(signal);
  }
}

/**
 * Runs test files side by side, in processes that each run many, and answers how each went.
 * @param jobs `{ file, weight, way }` in the order to begin; those that run at once weigh no more than `capacity`
 *   together; `way` has a title, and settings of `fork` for another process than a plain one
 * @param options mocha's own, and `require`, the modules to load first
 * @param onReport is told how a file went as soon as it is known
 */
export async function runTests({ jobs, capacity, options, onReport = () => undefined, graceMs = GRACE_MS }) {
  const waiting = [...jobs];
  const running = new Set();
  const workers = new Set();
  const idle = [];
  const reports = [];
  let free = capacity;

  async function start({ file, weight, way = PLAIN }) {
    free -= weight;
    const at = idle.findIndex((worker) => worker.way === way);
    const worker = at < 0 ? new Worker(options, way) : idle.splice(at, 1)[0];
    workers.add(worker);
    const report = await worker.run(file);
    if (worker.isAlive) idle.push(worker);
    free += weight;
    reports.push(report);
    onReport(report);
    if (options.bail && report.failed > 0) waiting.length = 0;
  }

  const stop = (signal) => {
    waiting.length = 0;
    workers.forEach((worker) => worker.kill(signal));
  };
  SIGNALS.forEach((signal) => process.on(signal, stop));
  try {
    while (waiting.length + running.size > 0) {
      for (let at = fitting(); at >= 0; at = fitting()) {
        const run = start(...waiting.splice(at, 1)).finally(() => running.delete(run));
        running.add(run);
      }
      await Promise.race(running);
    }
    const left = await Promise.all([...workers].map((worker) => worker.end(graceMs)));
    return [...reports, ...left.flat()];
  } finally {
    SIGNALS.forEach((signal) => process.off(signal, stop));
  }

  function fitting() {
    return waiting.findIndex(({ weight }) => weight <= free);
  }
}

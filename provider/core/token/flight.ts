import { type Call, sooner, within } from "./call";
import { ServiceError } from "../words/errors";

/** With less time than this left, nobody begins anew. Milliseconds. */
const WORTHWHILE_MS = 500;

interface Running<T> {
  /** Milliseconds left to the work. */
  readonly remaining: () => number;
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * One piece of work at a time, shared by all who ask while it runs. It is aborted when the last of them has left;
 * an outcome, good or bad, is kept for nobody who comes later.
 */
export class Flight<T> {
  #running: Running<T> | undefined;

  /** Joins the work under way, or starts it. Rejects with this caller's own abort reason or time limit. */
  async join(call: Call, start: (shared: Call) => Promise<T>): Promise<T> {
    const joined = this.#running;
    const running = joined ?? this.#start(call, start);
    running.waiting += 1;
    try {
      return await within(call, running.result);
    } catch (error) {
      // The work ran on the time of the caller who started it: one with much more time left starts it again.
      const ranOut = isTimeout(error) && running.remaining() <= 0;
      if (ranOut && joined !== undefined && call.remaining() > WORTHWHILE_MS && !call.signal.aborted)
        return this.join(call, start);
      throw error;
    } finally {
      running.waiting -= 1;
      if (running.waiting === 0) this.#leave(running);
    }
  }

  #start(call: Call, start: (shared: Call) => Promise<T>): Running<T> {
    const controller = new AbortController();
    const { remaining } = sooner(call);
    const result = start({ signal: controller.signal, remaining });
    const running: Running<T> = { remaining, result, controller, waiting: 0 };
    this.#running = running;
    const clear = () => {
      if (this.#running === running) this.#running = undefined;
    };
    result.then(clear, clear);
    return running;
  }

  #leave(running: Running<T>): void {
    if (this.#running === running) this.#running = undefined;
    running.controller.abort(new DOMException("Nobody waits for this any more", "AbortError"));
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof ServiceError && error.failure === "timeout";
}

/** The calls that are not answered yet. */
export class InFlight {
  readonly #calls = new Set<AbortController>();

  /** Runs a call's work; its signal is aborted with all others, or when its caller gives up. */
  async run<T>(
    onCancelled: (abort: () => void) => void,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const own = new AbortController();
    onCancelled(() => own.abort());
    this.#calls.add(own);
    try {
      return await work(own.signal);
    } finally {
      this.#calls.delete(own);
    }
  }

  /** Aborts them all. */
  abort(): void {
    this.#calls.forEach((own) => own.abort());
  }
}

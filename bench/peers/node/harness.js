// What a program of these prints, by its arguments: a token; tokens a second from memory; milliseconds of a burst.

const BATCH = 100;

const modes = {
  /** @param {number} milliseconds how long to go on */
  async memory(get, milliseconds) {
    await get();
    const start = performance.now();
    let [calls, passed] = [0, 0];
    for (; passed < milliseconds; passed = performance.now() - start) {
      for (let call = 0; call < BATCH; call += 1) await get();
      calls += BATCH;
    }
    return (calls / passed) * 1000;
  },
  /** @param {number} callers how many ask at once */
  async burst(get, callers) {
    const start = performance.now();
    const tokens = await Promise.all(Array.from({ length: callers }, () => get()));
    const passed = performance.now() - start;
    if (tokens.some((token) => !token)) throw new Error("a caller got no token");
    return passed;
  },
};

/** @param {() => Promise<string>} get one token */
exports.run = async (get) => {
  const [mode, amount] = process.argv.slice(2);
  console.log(mode === undefined ? await get() : await modes[mode](get, Number(amount)));
};

/** Sets variables of this process for the suite's tests, one set for each; what was there before comes back. */
export function ownVariables(...names: string[]): (values: Readonly<Record<string, string>>) => void {
  const before = new Map<string, string | undefined>();
  const clear = () => names.forEach((name) => delete process.env[name]);
  beforeEach(() => {
    names.forEach((name) => before.set(name, process.env[name]));
    clear();
  });
  afterEach(() => {
    clear();
    for (const [name, value] of before) if (value !== undefined) process.env[name] = value;
  });
  return (values) => Object.assign(process.env, values);
}

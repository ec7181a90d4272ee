import { createRequire } from "node:module";

/** A proxy for a package of the program. It loads the package on first use. */
export function lazyProxy(name: string): object {
  let loaded: object | undefined;
  // The first argument of Node is the SDK's runner, so this resolves to the package that the SDK would load.
  const load = (): object => {
    const found: unknown = createRequire(process.argv[1] ?? process.cwd())(name);
    if (typeof found !== "object" && typeof found !== "function") {
      throw new TypeError(`the package ${name} exports nothing that can be loaded lazily`);
    }
    return found ?? {};
  };
  const member = (name: string | symbol): unknown => Reflect.get((loaded ??= load()), name);
  return new Proxy(
    {},
    {
      // Compiled code reads this flag first. It copies every member of a module without the flag, which would load the
      // package.
      get: (_target, name) => (name === "__esModule" ? true : member(name)),
      has: (_target, name) => Reflect.has((loaded ??= load()), name),
    },
  );
}

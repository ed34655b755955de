/** Importing a scenario from wherever it lies. */
import { registerHooks } from "node:module"
import { pathToFileURL } from "node:url"

let prepared = false

/**
 * Import a scenario file. `anyTypeScript` has tsx translate it, so that enums, decorators and imports without ending work. Wherever the
 * file lies, `effect` and `@l2lab/*` are the copies that this program runs on: two copies would not know each other's services.
 */
export const importScenario = async (file: string, anyTypeScript: boolean): Promise<{ readonly default?: unknown }> => {
  if (anyTypeScript && !prepared) {
    prepared = true
    const { register } = await import("tsx/esm/api")
    register()
    registerHooks({
      resolve: (specifier, context, next) =>
        /^(effect|@l2lab\/[^/]+|@effect\/platform-node)(\/|$)/.test(specifier)
          ? next(specifier, { ...context, parentURL: import.meta.url })
          : next(specifier, context),
    })
  }
  return import(pathToFileURL(file).href)
}

/** Importing a scenario from wherever it lies. */
import { registerHooks } from "node:module"
import { pathToFileURL } from "node:url"

let prepared = false

const OURS = /^(effect|@l2lab\/[^/]+|@effect\/platform-node)(\/|$)/

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
        // What is resolved on behalf of this file comes by here as well.
        context.parentURL !== import.meta.url && OURS.test(specifier)
          ? { url: import.meta.resolve(specifier), shortCircuit: true }
          : next(specifier, context),
      // Without a package.json near it Node takes a file for CommonJS, which has no top-level await.
      load: (url, context, next) => next(url, /\.tsx?(\?|$)/.test(url) ? { ...context, format: "module" } : context),
    })
  }
  return import(pathToFileURL(file).href)
}

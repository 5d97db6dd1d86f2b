// Modules that are loaded when they are wanted. A browser remembers by its address a module that could not be loaded, so that the next
// try has another address.

/** How often each failed. @type {Map<string, number>} */
const failures = new Map()

/**
 * @template T
 * @param {() => Promise<T>} first imports it by the address that bundlers know @param {URL} address the same
 * @returns {Promise<T>}
 */
export async function again(first, { href }) {
  const tries = failures.get(href) ?? 0
  try {
    return await (tries === 0 ? first() : import(/* @vite-ignore */ /* webpackIgnore: true */ `${href}?again=${tries}`))
  } catch (error) {
    failures.set(href, tries + 1)
    throw error
  }
}

/** The rulebook in a language; null where it cannot be loaded. @param {import('./format.js').Lang} lang @returns {Promise<import('./more.js').Rules | null>} */
export const rulebook = (lang) =>
  again(() => import(`./rules/${lang}.js`), new URL(`./rules/${lang}.js`, import.meta.url)).then((module) => module.default, () => null)

// Fetches catalogs and looks things up in them: what is called where, what has a price, what is sold. Knows no provider;
// whether a catalog is sound, the engine says.

/** @typedef {import('./ocr_pricing.js').Catalog} Catalog */
/** @typedef {Catalog['apis'][number]} Api */
/** @typedef {Catalog['packages'][number]} Package */

/** The catalogs that ship, in the order of the menu. A further provider is a further file here and a further name in this list. */
export const CATALOGS = ['huawei-cn', 'huawei-intl', 'alibaba-cn', 'alibaba-marketplace', 'tencent-cn', 'tencent-intl']

/** Those that could not be loaded: what a browser kept of them is not asked for again. @type {Set<string>} */
const failed = new Set()

/**
 * @param {string} id
 * @returns {Promise<Catalog | null>} null when there is no such file or the page could make nothing of it; asked again, it tries anew
 */
export async function fetchCatalog(id) {
  if (!/^[a-z0-9-]{1,64}$/.test(id)) return null
  try {
    const response = await fetch(new URL(`./catalogs/${id}.json`, import.meta.url), failed.has(id) ? { cache: 'reload' } : {})
    const catalog = response.ok ? await response.json() : null
    if (readable(catalog)) return catalog
  } catch {
    // No connection, or no JSON.
  }
  failed.add(id)
  return null
}

/**
 * Whether a file has the lists that the page looks things up in. Everything else about it the engine judges, with the place.
 * @param {any} catalog
 */
export function readable(catalog) {
  const lists = (/** @type {any} */ holder, /** @type {string[]} */ names) => names.every((name) => Array.isArray(holder?.[name]))
  return (
    lists(catalog, ['apis', 'regions', 'classes', 'ladders', 'packages']) &&
    catalog.apis.length > 0 &&
    catalog.apis.every((/** @type {any} */ api) => typeof api?.id === 'string' && api.name) &&
    catalog.ladders.every((/** @type {any} */ ladder) => lists(ladder, ['apis', 'steps'])) &&
    catalog.packages.every((/** @type {any} */ row) => lists(row, ['apis'])) &&
    [catalog.utcOffset, catalog.checkedOn, catalog.currency].every((text) => typeof text === 'string') &&
    typeof catalog.sources === 'object'
  )
}

/** The catalog's family of words: providers name the same things differently. @param {string} catalog */
export const familyOf = (catalog) => catalog.split('-')[0]

/** @param {Catalog} catalog @param {string} id */
export const findApi = (catalog, id) => catalog.apis.find((api) => api.id === id)

/** @param {Catalog} catalog @param {string} id */
export const findRegion = (catalog, id) => catalog.regions.find((region) => region.id === id)

/** @param {string[] | undefined} regions none means all @param {string} region */
const among = (regions, region) => !regions || regions.includes(region)

/** @param {Catalog} catalog @param {string} api @param {string} region */
export function offered(catalog, api, region) {
  const found = findApi(catalog, api)
  return found !== undefined && among(found.regions, region)
}

/**
 * The pay-per-use price rows of an API in a region.
 * @param {Catalog} catalog
 * @param {string} api
 * @param {string} region
 */
export function ladders(catalog, api, region) {
  return (catalog.ladders ?? []).filter((ladder) => ladder.apis.includes(api) && among(ladder.regions, region))
}

/**
 * The row in force at an instant; before or after all of them, the latest.
 * @template {{ from?: string, until?: string }} Row
 * @param {Row[]} rows
 * @param {string} [at]
 * @returns {Row | undefined}
 */
export function inForce(rows, at) {
  const time = Date.parse(at ?? '')
  return (
    rows.find((row) => !(time < Date.parse(row.from ?? '')) && !(time >= Date.parse(row.until ?? ''))) ??
    rows.find((row) => row.until === undefined) ??
    rows.at(-1)
  )
}

/**
 * The packages on sale for an API in a region, smallest first; of several price versions the one in force.
 * @param {Catalog} catalog
 * @param {string} api
 * @param {string} region
 * @param {string} [at]
 * @returns {Package[]}
 */
export function packagesFor(catalog, api, region, at) {
  const rows = (catalog.packages ?? []).filter((row) => row.apis.includes(api) && among(row.regions, region))
  const ids = [...new Set(rows.map((row) => row.id))]
  return ids
    .flatMap(
      (id) =>
        inForce(
          rows.filter((row) => row.id === id),
          at,
        ) ?? [],
    )
    .sort((a, b) => a.quota - b.quota)
}

/** Whether packages can be limited in time, by order or by a reading of the rules. @param {Catalog} catalog */
export const hasLimited = (catalog) =>
  (catalog.order ?? []).includes('limited') || (catalog.profiles ?? []).some(({ options }) => options.some(({ set }) => 'limited' in set))

/** How steps that a person types in work together: as this catalog's own do. @param {Catalog} catalog @returns {'graduated' | 'volume'} */
export const stepShape = (catalog) => (catalog.ladders.some((ladder) => ladder.shape === 'volume') ? 'volume' : 'graduated')

/**
 * Whether calls of an API in a region, or any package for them, have a published price.
 * @param {Catalog} catalog
 * @param {string} api
 * @param {string} region
 */
export function priced(catalog, api, region) {
  const perCall = ladders(catalog, api, region).some((ladder) => ladder.steps.some((step) => step.unitPrice != null))
  return catalog.payPerUse ? perCall : packagesFor(catalog, api, region).some((row) => row.price != null)
}

/** Words that every provider puts on every API: they tell none from another. */
const COMMON = /\b(?:recognition|recogni[sz]e|ocr|api|service)\b|识别|識別|接口/g

/** Lower case, words parted by single blanks. @param {string} text */
const words = (text) => text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim()

/** The same without the words that all APIs share. @param {string} text */
const telling = (text) => words(words(text).replace(COMMON, ' '))

/** @param {string} text */
const squeezed = (text) => text.replaceAll(' ', '')

/**
 * How well an API fits what was typed; less is better, none is no fit. Its whole name comes first, then names that begin so, whose words
 * begin so, that contain it; then its id and operation; its path last.
 * @param {Api} api @param {string} typed
 */
function fit(api, typed) {
  const wanted = telling(typed)
  const all = wanted.split(' ')
  const names = namesOf(api)
  const plain = names.map(telling)
  const ids = [api.id, api.operation ?? '']
  // A placeholder is in the path of every API; whoever types one means the path.
  const path = /[/{]/.test(typed) ? (api.path ?? '') : (api.path ?? '').replace(/\{\w+\}/g, '')
  const says = (/** @type {string[]} */ texts, /** @type {(text: string, word: string) => boolean} */ test) =>
    texts.some((text) => all.every((word) => test(text, word)))
  const tests = [
    () => names.some((text) => words(text) === words(typed)),
    () => ids.some((text) => words(text) === words(typed)),
    () => plain.some((name) => squeezed(name) === squeezed(wanted)),
    () => plain.some((name) => `${name} `.startsWith(`${wanted} `)),
    () => plain.some((name) => squeezed(name).startsWith(squeezed(wanted))),
    () => says(plain, (name, word) => ` ${name}`.includes(` ${word}`)),
    () => says(plain, (name, word) => name.includes(word)) || plain.some((name) => squeezed(name).includes(squeezed(wanted))),
    () => says([[...plain, ...ids.map(words)].join(' ')], (text, word) => text.includes(word)),
    () => says([[...plain, ...ids, path].map(words).join(' ')], (text, word) => text.includes(word)),
  ]
  const found = tests.findIndex((test) => test())
  return found < 0 ? undefined : found
}

/**
 * APIs that what was typed can mean, the best fit first; among equals those with a price in this region come first, those not offered
 * there last. Nothing typed that tells one from another: all.
 * @param {Catalog} catalog @param {string} region @param {string} typed
 */
export function searchApis(catalog, region, typed) {
  const all = telling(typed) === ''
  const cost = (/** @type {Api} */ api) => (priced(catalog, api.id, region) ? 0 : offered(catalog, api.id, region) ? 1 : 2)
  return catalog.apis
    .flatMap((api, index) => {
      const fits = all ? 0 : fit(api, typed)
      return fits === undefined ? [] : [{ api, fits, cost: cost(api), index }]
    })
    .sort((a, b) => a.fits - b.fits || a.cost - b.cost || a.index - b.index)
    .map(({ api }) => api)
}

/** The names of an API, in every language. @param {Api} api */
export const namesOf = (api) => (typeof api.name === 'string' ? [api.name] : Object.values(api.name))

/**
 * The API of another catalog that is the same service, else one with a price, else the first.
 * @param {Catalog} to
 * @param {Api | undefined} api
 * @param {string} id
 */
export function sameApi(to, api, id) {
  const same = api?.same && to.apis.find((it) => it.same === api.same)
  return (
    (same || findApi(to, id) || to.apis.find((it) => to.regions.some((region) => priced(to, it.id, region.id))) || to.apis[0])?.id ?? id
  )
}

/**
 * The region kept, else the first with a price for the API, else the first that offers it.
 * @param {Catalog} to
 * @param {string} api
 * @param {string} region
 */
export function sameRegion(to, api, region) {
  if (findRegion(to, region) && offered(to, api, region)) return region
  const found = to.regions.find((it) => priced(to, api, it.id)) ?? to.regions.find((it) => offered(to, api, it.id)) ?? to.regions[0]
  return found?.id ?? region
}

/**
 * The first month that a plan made on the catalog's day of checking can have whole: "2026-12".
 * @param {Catalog} catalog
 */
export function nextMonth(catalog) {
  const [year, month] = catalog.checkedOn.split('-').map(Number)
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`
}

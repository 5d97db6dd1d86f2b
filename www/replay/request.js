// Turns what was typed and mapped into the question that the log is read with, and says which field a problem belongs to.

import { findApi, hasLimited, namesOf } from '../catalog.js'
import { byErrorCode, filled, readingsChosen, switched } from '../inputs.js'
import { typedPrices } from '../question.js'
import { catalogOf } from '../state.js'
import { readCount, readInstant } from '../typed.js'

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./state.js').Buy} Buy */
/** @typedef {import('./state.js').Catalog} Catalog */
/** @typedef {import('./state.js').ReplayRequest} ReplayRequest */
/** @typedef {import('../question.js').Problem} Problem */
/** @typedef {{ request: ReplayRequest, fields: Map<string, string> } | { problems: Problem[] }} Asked */

/** A field's value, filed under its place; problems are collected. */
function taker() {
  const problems = /** @type {Problem[]} */ ([])
  const fields = new Map([['catalog', 'catalog']])
  return {
    problems,
    fields,
    /** @param {string} place @param {string} field @param {string} typed @param {{ value: any } | { code: string }} read @returns {any} */
    take(place, field, typed, read) {
      fields.set(place, field)
      if ('value' in read) return read.value
      problems.push({ ...read, field, typed })
    },
  }
}

/**
 * The columns as they stand: mapped by hand, else recognised.
 * @param {State} state @returns {Record<string, number | null>}
 */
export const columnsOf = ({ calc, head, columns }) => columnsIn(catalogOf(calc), { ...head?.columns, ...columns })

/** Columns as far as a catalog knows them: that of error codes only where they tell. @param {Catalog | undefined} catalog @param {Record<string, any>} columns */
function columnsIn(catalog, { errorCode, ...columns }) {
  return byErrorCode(catalog) && errorCode !== undefined ? { ...columns, errorCode } : columns
}

/** Catalogs of one region need no column for it. @param {Catalog} catalog */
export const oneRegion = (catalog) => catalog.regions.length === 1

/** What is missing before the log can be read. @param {State} state @returns {('at' | 'api' | 'region' | 'zone')[]} */
export function lacking(state) {
  const { head, zone, region, api } = state
  const catalog = catalogOf(state.calc)
  if (!head || !catalog) return []
  const columns = columnsOf(state)
  return /** @type {const} */ (['at', 'api', 'region', 'zone']).filter((it) => {
    if (it === 'at') return columns.at == null
    if (it === 'api') return columns.api == null && !api
    if (it === 'region') return columns.region == null && !region && !oneRegion(catalog)
    return head.needsZone && !zone
  })
}

/**
 * The question to the log.
 * @param {State} state @returns {Asked}
 */
export function question(state) {
  const catalog = catalogOf(state.calc)
  if (!catalog) return { problems: [] }
  const asked = taker()
  const prices = pricesOf(state, catalog, asked)
  const grants = grantsOf(state.buys, 'buys', catalog, asked)
  const opened = filled(state.opened, ['from']).map(({ row, index }, nth) => {
    const place = `request.subscriptions[${nth}]`
    const at = (/** @type {'from' | 'until'} */ name) =>
      asked.take(`${place}.${name}`, `opened.${index}.${name}`, row[name], readInstant(row[name], catalog.utcOffset))
    asked.fields.set(`${place}.api`, `opened.${index}.api`).set(`${place}.region`, `opened.${index}.region`)
    return { region: row.region, api: row.api, ...(row.user ? { user: row.user } : {}), from: at('from'), ...(row.until.trim() ? { until: at('until') } : {}) }
  })
  const profile = readingsChosen(state.calc.inputs, catalog)
  const { zone, region, api, apiNames, regionNames } = state
  const columns = columnsOf(state)
  if (asked.problems.length > 0) return asked
  const request = /** @type {any} */ ({
    ...prices,
    ...(Object.keys(profile).length > 0 ? { profile } : {}),
    grants,
    ...(opened.length > 0 ? { subscriptions: opened } : {}),
    columns,
    ...(state.head ? { separator: state.head.separator } : {}),
    ...(zone ? { zone } : {}),
    defaults: { ...(region && columns.region == null ? { region } : {}), ...(api && columns.api == null ? { api } : {}) },
    ...(Object.keys(apiNames).length > 0 ? { apiNames } : {}),
    ...(Object.keys(regionNames).length > 0 ? { regionNames } : {}),
  })
  return { request, fields: asked.fields }
}

/**
 * Another question to the same log: other purchases, other readings, or another provider, whose APIs are those that do the same.
 * @param {State} state @param {ReplayRequest} request the present question @returns {Asked}
 */
export function otherQuestion(state, request) {
  const { other } = state
  const catalog = other && catalogOf(state.calc, other.catalog)
  if (!other || !catalog) return { problems: [] }
  const asked = taker()
  const elsewhere = catalog.id !== request.catalog.id
  const inputs = { ...state.calc.inputs, catalog: other.catalog, profile: other.profile }
  const prices = pricesOf({ ...state, calc: { ...state.calc, inputs } }, catalog, asked)
  const grants = grantsOf(other.buys, 'otherBuys', catalog, asked)
  if (asked.problems.length > 0) return asked
  const { profile: _, entered: __, grants: ___, subscriptions, catalog: ____, payPerUse: _____, ...log } = request
  const profile = readingsChosen(inputs, catalog)
  const changed = /** @type {any} */ ({ ...log, ...prices, ...(Object.keys(profile).length > 0 ? { profile } : {}), grants })
  if (!elsewhere) return { request: { ...changed, ...(subscriptions ? { subscriptions } : {}) }, fields: asked.fields }
  // Who was subscribed here says nothing about another provider, nor do the names of regions.
  changed.columns = { ...log.columns, region: null }
  changed.apiNames = sameNames(request, catalog)
  // What succeeded is told as the log's own provider tells it.
  changed.elsewhere = request.catalog.success?.by ?? 'http-status'
  changed.defaults = { region: other.region || catalog.regions[0].id }
  delete changed.regionNames
  const own = log.defaults?.api
  if (own) {
    const same = sameOf(request.catalog, catalog, own)
    if (!same) return { problems: [{ code: 'unknown_api' }] }
    changed.defaults.api = same
  }
  return { request: changed, fields: asked.fields }
}

/** The API of another catalog that is the same service. @param {Catalog} from @param {Catalog} to @param {string} id */
function sameOf(from, to, id) {
  const { same } = findApi(from, id) ?? {}
  return same ? to.apis.find((api) => api.same === same)?.id : undefined
}

/** Every name that the log may use for an API, with the same service of another catalog. @param {ReplayRequest} request @param {Catalog} to */
function sameNames({ catalog, apiNames = {} }, to) {
  const names = /** @type {Record<string, string>} */ ({})
  for (const api of catalog.apis) {
    const same = sameOf(catalog, to, api.id)
    if (same) for (const name of [api.id, api.operation, api.path, ...namesOf(api)]) if (name) names[name] = same
  }
  for (const [name, id] of Object.entries(apiNames)) {
    const same = sameOf(catalog, to, id)
    if (same) names[name] = same
  }
  return names
}

/** A catalog and the prices typed for it, for whichever of its APIs and regions. @param {State} state @param {Catalog} catalog @param {ReturnType<typeof taker>} asked */
function pricesOf({ calc: { inputs } }, catalog, asked) {
  const ladders = /** @type {any[]} */ ([])
  const packages = /** @type {any[]} */ ([])
  let apis = catalog.apis
  for (const scope of Object.keys(inputs.own)) {
    const [of, region, api] = scope.split(' ')
    if (of !== catalog.id || !findApi(catalog, api)) continue
    // Only the fields of the chosen API and region are on the screen.
    const shown = region === inputs.region && api === inputs.api && inputs.catalog === catalog.id
    const name = (/** @type {string} */ field) => (shown ? field : 'own')
    const found = typedPrices(
      { ...inputs, catalog: catalog.id, region, api },
      catalog,
      (place, field, typed, read) => asked.take(place, name(field), typed, read),
      (place, field) => asked.fields.set(place, name(field)),
      { ladders: ladders.length, packages: packages.length },
    )
    ladders.push(...found.ladders)
    packages.push(...found.packages)
    if (found.points !== undefined) apis = apis.map((it) => (it.id === api ? { ...it, points: found.points } : it))
  }
  const entered = { ...(ladders.length > 0 ? { ladders } : {}), ...(packages.length > 0 ? { packages } : {}) }
  return { catalog: apis === catalog.apis ? catalog : { ...catalog, apis }, ...switched(inputs, catalog), ...(Object.keys(entered).length > 0 ? { entered } : {}) }
}

/** @param {Buy[]} buys @param {'buys' | 'otherBuys'} list @param {Catalog} catalog @param {ReturnType<typeof taker>} asked */
function grantsOf(buys, list, catalog, { take, fields }) {
  return filled(buys, ['when']).map(({ row, index }, nth) => {
    const place = `request.grants[${nth}]`
    const field = (/** @type {keyof Buy} */ name) => `${list}.${index}.${name}`
    fields.set(place, field('package')).set(`${place}.region`, field('region')).set(`${place}.limited`, field('limited'))
    const instant = (/** @type {string} */ name, /** @type {'when' | 'starts'} */ of) => take(`${place}.${name}`, field(of), row[of], readInstant(row[of], catalog.utcOffset))
    return {
      id: `p${index + 1}`,
      package: row.package,
      region: row.region,
      quantity: take(`${place}.quantity`, field('quantity'), row.quantity, readCount(row.quantity)),
      created: instant('created', 'when'),
      ...(catalog.startChoice && row.starts.trim() ? { effective: instant('effective', 'starts') } : {}),
      ...(row.project.trim() ? { project: row.project.trim() } : {}),
      ...(row.limited && hasLimited(catalog) ? { limited: true } : {}),
    }
  })
}

/** What the first lines are read with: everything that a column can lack is given, so that they are shown whatever is missing. @param {Catalog} catalog @param {State} state @returns {ReplayRequest} */
export const headQuestion = (catalog, { columns, head }) =>
  /** @type {any} */ ({
    catalog,
    columns: Object.fromEntries(Object.entries(columns).filter(([column]) => column !== 'errorCode' || byErrorCode(catalog))),
    ...(head ? { separator: head.separator } : {}),
    defaults: { region: catalog.regions[0].id, api: catalog.apis[0].id },
  })


// Compares what was published with what the engine answers, by the rule of the cases: objects match on the keys that are
// written, lists item by item, everything else exactly. Pure.

/** @typedef {{ place: string, published: unknown, computed: unknown, agrees: boolean }} Compared one figure */

/**
 * Every figure that was published, with what was computed in its place.
 * @param {any} published
 * @param {any} computed
 * @param {string} [place]
 * @returns {Compared[]}
 */
export function compared(published, computed, place = '') {
  if (Array.isArray(published) && Array.isArray(computed) && published.length === computed.length && published.length > 0)
    return published.flatMap((item, i) => compared(item, computed[i], `${place}[${i}]`))
  if (plain(published) && plain(computed))
    return Object.keys(published).flatMap((key) => compared(published[key], own(computed, key), place ? `${place}.${key}` : key))
  return [{ place, published, computed, agrees: same(published, computed) }]
}

/** @param {any} value */
const plain = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A field that is not there is as good as null. @param {any} value @param {string} key */
const own = (value, key) => (Object.hasOwn(value, key) ? value[key] : null)

/** Two that are not both objects, nor lists of one length. @param {any} one @param {any} other */
const same = (one, other) => one === other || (Array.isArray(one) && Array.isArray(other) && one.length === 0 && other.length === 0)

/**
 * What stands at a place such as `lines[0].slices[1].amount`; undefined where nothing does.
 * @param {any} value
 * @param {string} place
 */
export function at(value, place) {
  return place
    .split(/[.[\]]+/)
    .filter(Boolean)
    .reduce((inside, key) => (typeof inside === 'object' && inside !== null && Object.hasOwn(inside, key) ? inside[key] : undefined), value)
}

/**
 * A sentence with its figures: `{total}` or `{lines[0].used.start:time}`, a place and how to say it.
 * @param {string} sentence
 * @param {any} value
 * @param {(value: unknown, how: string) => string} say
 */
export function fill(sentence, value, say) {
  return sentence.replace(/\{([^{}:]+)(?::(\w+))?\}/g, (_, place, how) => say(at(value, place), how ?? ''))
}

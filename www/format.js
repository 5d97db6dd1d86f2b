// Figures and dates as a reader of one language writes them. Amounts come in as decimal strings and go out as text with every
// digit that matters; nothing is added, multiplied or compared here.

/** @typedef {'en' | 'zh-CN'} Lang */
/** @typedef {string | { en: string, 'zh-CN'?: string }} Text */

/** Languages of the page. @type {Lang[]} */
export const LANGS = ['en', 'zh-CN']

/**
 * The page's language nearest to a language tag, if one is near.
 * @param {string | null | undefined} tag
 * @returns {Lang | undefined}
 */
export function langOf(tag) {
  return /^zh\b/i.test(tag ?? '') ? 'zh-CN' : /^en\b/i.test(tag ?? '') ? 'en' : undefined
}

/** @param {Lang} lang */
export function formats(lang) {
  /** @param {Intl.NumberFormatOptions} options */
  const number = (options) => {
    const format = new Intl.NumberFormat(lang, options)
    // Decimal strings keep every digit; the types know only some of them.
    return (/** @type {number | string} */ value) => format.format(/** @type {any} */ (value))
  }
  const counts = number({ maximumFractionDigits: 3 })
  const shortCounts = number({ notation: 'compact', maximumFractionDigits: 4 })
  const sums = number({ minimumFractionDigits: 2, maximumFractionDigits: 10 })
  const round = number({ maximumFractionDigits: 0 })
  const prices = number({ maximumFractionDigits: 10 })
  const shares = number({ style: 'percent', maximumFractionDigits: 0 })
  const smallShares = number({ style: 'percent', maximumFractionDigits: 2 })
  const months = new Intl.DateTimeFormat(lang, { year: 'numeric', month: lang === 'en' ? 'short' : 'long', timeZone: 'UTC' })
  const days = new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, { year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' })
  const currencies = new Intl.DisplayNames(lang, { type: 'currency' })

  return {
    lang,
    /** Between two sentences, after what is explained, between parts of a title. */
    gap: lang === 'en' ? ' ' : '',
    colon: lang === 'en' ? ': ' : '：',
    comma: lang === 'en' ? ', ' : '，',
    /** A number of calls. @param {number} value */
    count: (value) => counts(value),
    /** A round number of calls as it is said: 100,000, 10万. @param {number} value */
    size: (value) => (lang === 'zh-CN' && value % 10_000 === 0 ? shortCounts(value) : counts(value)),
    /**
     * A number beside an axis that ends there: 200,000, and 20M on a long one.
     * @param {number} value
     * @param {number} end
     */
    axis: (value, end) => (end < 10_000_000 ? counts(value) : shortCounts(value)),
    /** An amount in a column: at least two decimals, all that there are. @param {string} value */
    sum: (value) => sums(value),
    /** An amount in a sentence or a headline: whole without decimals. @param {string} value */
    plainSum: (value) => (/^-?\d+$/.test(value) ? round(value) : sums(value)),
    /** A price of one: all its digits. @param {string} value */
    price: (value) => prices(value),
    /** A currency as it stands at a sum: CNY 3,600 in English, 3,600 元 in Chinese. @param {string} currency */
    unit: (currency) =>
      lang === 'en' ? currency : currency === 'CNY' ? '元' : /^[A-Z]{3}$/.test(currency) ? (currencies.of(currency) ?? currency) : currency,
    /** An amount with its currency, in a sentence. @param {string} value @param {string} currency */
    money(value, currency) {
      return lang === 'en' ? `${this.unit(currency)} ${this.plainSum(value)}` : `${this.plainSum(value)} ${this.unit(currency)}`
    },
    /** A share, 0 … 1, in per cent; English with the space that the sentence wants. @param {string} value */
    share(value) {
      const text = /^-?0\.0[0-9]*[1-9]/.test(value) ? smallShares(value) : shares(value)
      return lang === 'en' ? text.replace('%', ' %') : text
    },
    /** "2023-03" @param {string} month */
    month: (month) => months.format(new Date(`${month}-01T00:00:00Z`)),
    /** The day of an instant, in words. @param {string} instant */
    day: (instant) => days.format(new Date(`${instant.slice(0, 10)}T00:00:00Z`)),
    /** An instant to the second: the same figures in every language. @param {string} instant */
    second: (instant) => instant.slice(0, 19).replace('T', ' '),
    /** The last second of what ends, exclusively, here. @param {string} end */
    lastSecond: (end) => secondBefore(end).replace('T', ' '),
    /** From month to month. @param {string} first @param {string} last */
    span(first, last) {
      return first === last ? this.month(first) : `${this.month(first)} – ${this.month(last)}`
    },
    /** A text of a catalog. @param {Text | undefined} text */
    text: (text) => (typeof text === 'string' ? text : (text?.[lang] ?? text?.en ?? '')),
  }
}

/** @typedef {ReturnType<typeof formats>} Formats */

/** Wall-clock time one second earlier, in the instant's own zone. @param {string} instant */
function secondBefore(instant) {
  return new Date(Date.parse(`${instant.slice(0, 19)}Z`) - 1000).toISOString().slice(0, 19)
}

/** Whether an amount stands below zero, is zero, or stands above: read from its sign. @param {string} value */
export function sign(value) {
  return value.startsWith('-') ? -1 : /[1-9]/.test(value) ? 1 : 0
}

/** An amount without its sign. @param {string} value */
export const unsigned = (value) => value.replace(/^-/, '')

// Brings a field with a problem into sight.

import { idOf } from './parts.js'

/** @typedef {import('../question.js').Problem} Problem */

/**
 * Unfolds what hides a field with a problem.
 * @param {ShadowRoot} root @param {Problem[]} problems @param {() => void} open unfolds the inputs of a narrow page
 * @returns {string[]} fields that are nowhere on the page: their problems must be told elsewhere
 */
export function reveal(root, problems, open) {
  const gone = /** @type {string[]} */ ([])
  for (const { field } of problems) {
    if (!field) continue
    const control = root.getElementById(idOf(field))
    if (!control) gone.push(field)
    for (let fold = control?.closest('details:not([open])'); fold; fold = fold.parentElement?.closest('details:not([open])')) fold.setAttribute('open', '')
    if (control?.closest('.inputs:not(.open)')) open()
  }
  return gone
}

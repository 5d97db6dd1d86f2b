// The API field: one box to search in by name, Chinese name, operation or path, with the matches below it.

import { findApi, namesOf, offered, priced, searchApis } from '../catalog.js'
import { h } from '../dom.js'
import { idOf, marks, problems, tag } from './parts.js'

/** @typedef {import('./parts.js').Page} Page */

/** @param {Page} page */
export function apiView(page) {
  const { state, catalog, t, f, send } = page
  const { api, region } = state.inputs
  const shown = (catalog && f.text(findApi(catalog, api)?.name)) || api
  const { search } = state
  const found = catalog && search ? searchApis(catalog, region, search.text ?? '') : []
  const active = Math.min(search?.active ?? 0, found.length - 1)
  const typed = search?.text?.trim() ?? ''
  const listId = `${idOf('api')}-list`
  const optionId = (/** @type {number} */ index) => `${idOf('api')}-${index}`

  const close = () => send({ type: 'search', search: null })
  const pick = (/** @type {string} */ id) => (id === api ? close() : send({ type: 'api', id }))
  /** The whole list, from the present API on. */
  const open = () => {
    const all = catalog ? searchApis(catalog, region, '') : []
    send({
      type: 'search',
      search: {
        text: null,
        active: Math.max(
          0,
          all.findIndex((it) => it.id === api),
        ),
      },
    })
  }

  /** @param {KeyboardEvent} event */
  const onKeydown = (event) => {
    if (event.isComposing || !['ArrowDown', 'ArrowUp', 'Enter', 'Escape'].includes(event.key)) return
    if (!search && event.key.startsWith('Arrow')) open()
    else if (!search) return
    else if (event.key === 'Escape') close()
    else if (event.key === 'Enter') found[active] ? pick(found[active].id) : pick(typed)
    else
      send({
        type: 'search',
        search: { ...search, active: (active + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % Math.max(1, found.length) },
      })
    event.preventDefault()
  }
  /** What matches nothing is asked all the same: the engine says that it knows no such API, and what was typed stays. */
  const onBlur = () => {
    if (!search) return
    const exact = found.find((it) => [it.id, it.operation, ...namesOf(it)].includes(typed))
    if (exact) pick(exact.id)
    else if (typed !== '' && found.length === 0) pick(typed)
    else close()
  }

  const options = found.map((it, index) =>
    h(
      'li',
      {
        role: 'option',
        id: optionId(index),
        key: it.id,
        'aria-selected': String(index === active),
        class: it.id === api ? 'chosen' : '',
        onMousedown: (/** @type {Event} */ event) => event.preventDefault(), // the field keeps the focus, else the list would close
        onClick: () => pick(it.id),
      },
      h('span', { class: 'name' }, f.text(it.name)),
      h('span', { class: 'operation' }, it.operation ?? ''),
      catalog && mark(page, catalog, it.id),
    ),
  )
  return h(
    'div',
    { class: 'field row api', key: 'api' },
    h('label', { for: idOf('api') }, t('api')),
    h(
      'div',
      { class: 'combo' },
      h('input', {
        type: 'text',
        role: 'combobox',
        autocomplete: 'off',
        spellcheck: 'false',
        ...marks(page, 'api'),
        'aria-expanded': String(Boolean(search)),
        'aria-controls': listId,
        'aria-autocomplete': 'list',
        'aria-activedescendant': found.length > 0 && optionId(active),
        placeholder: t('api.search'),
        value: search?.text ?? shown,
        onFocus: (/** @type {any} */ event) => event.target.select(),
        onClick: () => !search && open(),
        onInput: (/** @type {any} */ event) => send({ type: 'search', search: { text: event.target.value, active: 0 } }),
        onKeydown,
        onBlur,
      }),
      search &&
        h(
          'div',
          { class: 'matches', key: 'matches' },
          h('p', { class: 'found' }, found.length > 0 ? t('api.found', { count: f.count(found.length) }) : t('api.none')),
          h('ul', { role: 'listbox', id: listId, tabindex: '-1', 'aria-label': t('api') }, options),
        ),
    ),
    problems(page, 'api'),
  )
}

/** @param {Page} page @param {import('../catalog.js').Catalog} catalog @param {string} id */
function mark({ state, t }, catalog, id) {
  const { region } = state.inputs
  if (!offered(catalog, id, region)) return tag(t('tag.notHere'), 'missing')
  return !priced(catalog, id, region) && tag(t('tag.noPrice'), 'missing')
}

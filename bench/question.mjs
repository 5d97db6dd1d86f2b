// What the benchmarks ask of the generated log: entered prices for its APIs, and packages that start and run out while it goes on.

import { readFileSync } from 'node:fs'

const catalog = JSON.parse(readFileSync(new URL('../www/catalogs/huawei-cn.json', import.meta.url), 'utf8'))

const PRICED = { 'id-card': '0.05', bankcard: '0.05', 'web-image': '0.06', 'vat-invoice': '0.09', vin: '0.04' }
const typed = { source: 'typed in for the benchmark' }

/** A request without usage. @returns {any} */
export function question() {
  return {
    catalog,
    entered: {
      ladders: Object.entries(PRICED).map(([api, unitPrice]) => ({ apis: [api], shape: 'flat', steps: [{ upTo: null, unitPrice }], ...typed })),
      // Several APIs, and all projects and users, compete for this one.
      packages: [{ id: 'mixed-500k', apis: ['id-card', 'bankcard', 'vin'], class: 'package', quota: 500_000, price: '15000', term: { years: 1 }, ...typed }],
    },
    grants: [
      { package: 'general-text-100k', region: 'cn-north-4', created: '2026-01-05T10:30:15+08:00' },
      { package: 'general-text-500k', region: 'cn-north-4', created: '2026-02-11T16:12:40+08:00', project: 'p1' },
      { package: 'mixed-500k', region: 'cn-north-4', created: '2026-01-12T09:05:30+08:00', quantity: 3 },
      { package: 'mixed-500k', region: 'cn-east-3', created: '2026-02-20T20:47:05+08:00' },
    ],
    period: { start: '2026-01-01T00:00:00+08:00', end: '2026-04-01T00:00:00+08:00' },
  }
}

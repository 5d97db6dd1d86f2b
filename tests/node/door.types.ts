// What a TypeScript program sees of `dist/`. Compiled, never run.

import { load, PricingError, type Catalog, type Comparison, type Estimate, type Problem, type Request } from '../../dist/index.js'

const engine = await load({ wasmUrl: new URL('https://example.com/ocr_pricing_bg.wasm') })

export function cost(catalog: Catalog): { total: string | null; saving: string; problems: string[] } {
  const request: Request = {
    catalog,
    grants: [{ package: 'general-text-100k', region: 'cn-north-4', created: '2023-03-20T10:30:00+08:00' }],
    usage: [{ kind: 'at', at: '2023-03-18T15:30:00+08:00', region: 'cn-north-4', api: 'general-text', calls: 5_000 }],
  }
  const estimate: Estimate = engine.estimate(request)
  const comparison: Comparison = engine.compare(request)
  const problems: Problem[] = engine.lint(catalog, { on: '2026-11-20' })
  return { total: estimate.total, saving: comparison.saving, problems: problems.map(({ code, place }) => `${code} ${place}`) }
}

export const place = (error: unknown): string => (error instanceof PricingError ? `${error.code} ${error.place}` : '')

// @ts-expect-error a misspelt field
engine.estimate({ catalogue: {} })
// @ts-expect-error a number where a decimal string belongs
export const grant: Request['grants'] = [{ package: 'p', region: 'r', created: '', price: 3200 }]

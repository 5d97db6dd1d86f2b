// Registers <ocr-pricing>.

import { OcrPricing } from './ocr-pricing.js'

if (!customElements.get('ocr-pricing')) customElements.define('ocr-pricing', OcrPricing)

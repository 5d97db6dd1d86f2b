// The page's worker, with a look at the memory that its WASM holds.

import './memory.js'
import './worker.js'

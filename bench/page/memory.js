// Keeps hold of every WASM memory that this worker makes, and tells how large they are together.

const memories = /** @type {WebAssembly.Memory[]} */ ([])
const { Instance } = WebAssembly
WebAssembly.Instance = /** @type {any} */ (
  function (module, imports) {
    const instance = new Instance(module, imports)
    for (const it of Object.values(instance.exports)) if (it instanceof WebAssembly.Memory) memories.push(it)
    return instance
  }
)
WebAssembly.Instance.prototype = Instance.prototype

addEventListener('message', (event) => {
  if (event.data.type !== 'memory') return
  event.stopImmediatePropagation()
  postMessage({ type: 'memory', bytes: memories.reduce((all, memory) => all + memory.buffer.byteLength, 0) })
})

// `npm start`: installs what is missing, builds what changed, serves the page, prints its address.

import { join } from 'node:path'
import { build } from './build.mjs'
import { main, root, Stop } from './run.mjs'
import { serve } from './serve.mjs'
import { setupBuild } from './setup.mjs'

await main(async () => {
  const port = Number(process.env.PORT || 8080)
  if (!Number.isInteger(port) || port < 0 || port > 65_485) throw new Stop(`PORT=${process.env.PORT} is not a port: give a whole number from 1 to 65485.`)
  await setupBuild()
  await build()
  const { address } = await serve(join(root, 'dist'), { port })
  console.log(`\nThe page is at ${address}  (Ctrl-C ends it)`)
})

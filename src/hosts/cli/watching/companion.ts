import { setTimeout as wait } from 'node:timers/promises'
import { runPath } from '../../../report/watched-page.ts'
import { startServer } from '../../serving/server.ts'
import { createSources } from '../sources.ts'
import { createWatchSite } from './watch-site.ts'

// The process that serves the report of `optc evolve --open`: the search itself has no time for it. It ends with the search,
// however that ends.

/** How often it is looked whether something has come to the run, in milliseconds. */
const LOOK_EVERY = 1000
/** How long pages have to fetch the last state, in milliseconds. */
const FAREWELL_TIME = 3000

const [, , name = '.'] = process.argv
const cwd = process.cwd()
const watched = createWatchSite(
  {
    paths: [name],
    loader: createSources(cwd).loader,
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  },
  { cwd, env: process.env, now: () => performance.now() },
)
const server = await startServer(watched.site)
const tick = setInterval(watched.look, LOOK_EVERY)
// Ctrl-C is meant for the search, which then has something to write.
process.on('SIGINT', () => undefined)
process.on('disconnect', () => {
  clearInterval(tick)
  watched.farewell()
  void wait(FAREWELL_TIME).then(() => process.exit())
})
process.send!(new URL(runPath(name), server.url).href)

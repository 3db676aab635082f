import type { Fitness, FitnessRequest } from '../../../evolve/fitness.ts'
import { search, type SearchResult } from '../../../evolve/search.ts'
import type { SearchEvent } from '../../../evolve/search-event.ts'
import { adopt } from '../../../mutate/adopt.ts'
import type { Space } from '../../../mutate/space/space.ts'
import { parse } from '../../../syntax/parse.ts'
import type { Sources } from '../sources.ts'
import type { World } from '../world.ts'
import type { RunConfiguration } from './configuration-schema.ts'
import { createPause } from './pause.ts'
import type { RunFolder } from './run-folder.ts'

/** What a search in a folder is carried out with. */
export interface SearchSetting {
  readonly configuration: RunConfiguration
  readonly space: Space
  readonly workers: number
  readonly judge: (request: FitnessRequest) => Promise<Fitness>
  /** Minutes that the run has taken, earlier processes included. */
  readonly minutes: () => number
  readonly onEvent: (event: SearchEvent) => void
  readonly sources: Sources
  readonly world: World
}

/** The search of a run's configuration, from where its folder says that it was left; every evaluation is kept there. */
export function searchIn(
  folder: RunFolder,
  { configuration, space, workers, judge, minutes, onEvent, sources, world }: SearchSetting,
): Promise<SearchResult> {
  return search(
    configuration,
    configuration.given.map((source) => adopt(space, parse(source).value)),
    configuration.against.map((name) => ({ name, text: sources.read(`std/${name}`).text })),
    {
      space,
      loader: sources.loader,
      protocol: configuration.judging,
      concurrency: workers + 1,
      past: folder.past,
      write: folder.write,
      minutes,
      pause: createPause(world.signal),
      onEvent,
      judge: async (request) => {
        const { fitness, news, recalled } = await folder.evaluations.judge(request, judge, minutes)
        if (news) onEvent({ kind: 'evaluation', fitness, recalled })
        return fitness
      },
    },
  )
}

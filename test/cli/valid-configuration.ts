import type { RunConfiguration } from '../../src/hosts/cli/evolving/configuration-schema.ts'
import { findProtocol } from '../../src/tasks/protocol.ts'
import { source } from '../stdlib/library.ts'

const sketch = findProtocol('sketch')!

/** The configuration of a run that could go on. */
export const validConfiguration: RunConfiguration = {
  ...{ task: 'quadratic', protocol: sketch.name, judging: sketch, backend: 'cpu' },
  ...{ space: 'published', spaceText: source('std/spaces/published').text, seed: 1 },
  ...{ particles: 2, timesteps: 1, children: 2, initial: 4, selection: { kind: 'published' } },
  ...{ reuse: 'exact', filters: ['signs'], budget: { minutes: 30 }, ladder: false },
  ...{ finalists: 1, finalSeeds: 2, rateSeeds: 2, against: ['adam'] },
  given: [{ path: 'rule.opt', text: 'update = lr * g\n' }],
}

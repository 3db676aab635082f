import type { OpenTask } from './open-task.ts'
import type { NetworkWidth, Surrogate } from './protocol.ts'
import { searchNetwork, type Network } from './task.ts'

/** Channels of the published search's first stage, which widths by base are relative to where there are no channels. */
const FIRST_BASE = 32

/** `open` with its network as wide as `surrogate` asks, never narrower than 1; functions have no width and stay. */
export function surrogateTask(open: OpenTask, { width }: Pick<Surrogate, 'width'>): OpenTask {
  if (!('images' in open)) return open
  return { ...open, task: { ...open.task, network: widened(open.task.network, width) } }
}

/** `network` as wide as that. */
export function widened(network: Network, width: NetworkWidth): Network {
  if (network.kind === 'mlp') {
    const factor = 'times' in width ? width.times : width.base / FIRST_BASE
    return { ...network, hidden: network.hidden.map((units) => scaled(units, factor)) }
  }
  if ('base' in width) return searchNetwork(width.base)
  const [first, second, third] = network.widths
  return {
    ...network,
    widths: [scaled(first, width.times), scaled(second, width.times), scaled(third, width.times)],
  }
}

const scaled = (count: number, factor: number): number => Math.max(1, Math.round(count * factor))

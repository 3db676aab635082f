import { ablations } from '../mutate/ablate.ts'
import { parse } from '../syntax/parse.ts'
import { print } from '../syntax/print.ts'
import { finalSurrogateOf, type FinalTask, type Surrogate } from '../tasks/protocol.ts'
import { freshSeed, type SearchContext } from './context.ts'
import type { EntryOf, Evaluated, Final } from './journal.ts'
import type { Scored } from './scored.ts'
import { evaluateTuned, type Subject } from './tuned-evaluation.ts'

/** A rule of the library that finalists are compared with. */
export interface Baseline {
  readonly name: string
  readonly text: string
}

/** The finalists, then the baselines: all tuned in the same way, and run with the same fresh seeds. */
export async function runFinals(
  context: SearchContext,
  best: readonly Scored[],
  baselines: readonly Baseline[],
): Promise<readonly Final[]> {
  const { stages, configuration } = context
  const finalists = best
    .slice(0, configuration.finalists)
    .map(({ slot, score, attempt: { rule, integrity } }, index) => ({
      name: `best-${index + 1}`,
      found: { of: slot, score },
      subject: { rule, flipped: integrity.flipped },
    }))
  const others = baselines.map(({ name, text }) => ({
    name,
    found: {},
    subject: { rule: text, flipped: false },
  }))
  return stages.run(
    'final evaluation',
    [...finalists, ...others].map(({ name, found, subject }) => {
      const slot = `final/${name}`
      return {
        slot,
        run: async (): Promise<Final> => ({
          kind: 'final',
          slot,
          name,
          ...found,
          ...(await evaluate(context, subject, surrogateHere(context))),
        }),
      }
    }),
  )
}

/** Each finalist with one part taken out at a time, evaluated like the finalists. */
export async function runAblations(
  context: SearchContext,
  finals: readonly Final[],
): Promise<readonly EntryOf<'ablation'>[]> {
  const { space, loader } = context.host
  const partsOf = (rule: string): ReturnType<typeof ablations> =>
    ablations(space, parse({ path: 'candidate.opt', text: rule }).value, loader)
  const cases = finals
    .filter(({ of }) => of !== undefined)
    .flatMap(({ name, rule, flipped }) =>
      partsOf(rule).map(({ removed, module }, number) => ({
        slot: `ablation/${name}/${number}`,
        of: name,
        removed,
        subject: { rule: print(module), flipped },
      })),
    )
  return context.stages.run(
    'ablation',
    cases.map(({ slot, of, removed, subject }) => ({
      slot,
      run: async (): Promise<EntryOf<'ablation'>> => ({
        kind: 'ablation',
        slot,
        of,
        removed,
        ...(await evaluate(context, subject, surrogateHere(context))),
      }),
    })),
  )
}

/** The finalists and baselines on the other tasks of the protocol, one task after the other, tuned anew on each. */
export async function runTransfers(
  context: SearchContext,
  finals: readonly Final[],
): Promise<readonly EntryOf<'transfer'>[]> {
  const { stages, host } = context
  const transfers: EntryOf<'transfer'>[] = []
  for (const final of host.protocol.finals ?? [])
    transfers.push(
      ...(await stages.run(
        transferStage(final),
        finals.map(({ name, rule, flipped }) => {
          const slot = `transfer/${final.task}/${name}`
          return {
            slot,
            run: async (): Promise<EntryOf<'transfer'>> => ({
              kind: 'transfer',
              slot,
              task: final.task,
              name,
              ...(await evaluate(context, { rule, flipped }, final.surrogate)),
            }),
          }
        }),
      )),
    )
  return transfers
}

/** What the stage of another task is called: `final: fine-tuning on flowers102`. */
const transferStage = ({ stage, task }: FinalTask): string => `final: ${stage} on ${task}`

/** A rule by a surrogate, on seeds that nothing else in the search is run with. */
const evaluate = (
  context: SearchContext,
  subject: Subject,
  surrogate: Surrogate,
): Promise<Evaluated> => {
  const { host, configuration } = context
  const { finalSeeds, rateSeeds } = configuration
  return evaluateTuned(subject, surrogate, {
    ...{ loader: host.loader, judge: host.judge, finalSeeds, rateSeeds },
    seed: (...path) => freshSeed(context, ...path),
  })
}

/** The surrogate of the last evaluation on the search's task. */
const surrogateHere = ({ configuration, host: { protocol } }: SearchContext): Surrogate =>
  finalSurrogateOf(protocol, configuration.ladder)

import type { Program } from '../../ir/graph.ts'
import { showInterval } from '../../operators/interval.ts'
import { mapChoice, type Choice } from '../../plan/choice.ts'
import { joinTotals } from '../../plan/totals.ts'
import { ruleFormula } from '../formula.ts'
import { docstring, type DocumentedName } from '../python/docstring.ts'
import { joinBroken } from '../python/restructured.ts'
import { isTensor } from '../tensors.ts'
import type { Settings } from './class.ts'
import { LEARNING_RATE, WEIGHT_DECAY } from './options.ts'

const SOURCE = /^Source: /

/** What a class says of itself, in Markdown, as Keras has it. */
export function documentation(settings: Settings): string {
  const { program, plan, options, told, evaluation } = settings
  const rule: Choice<Program> = mapChoice(plan.parameter, (leaf) => joinTotals(leaf.program))
  const given: DocumentedName[] = [
    ...options.map(({ source, name, isRate }) => ({
      name: isRate ? LEARNING_RATE : name,
      text: [
        isRate
          ? 'A float, a `keras.optimizers.schedules.LearningRateSchedule`, or a callable without arguments.'
          : 'A float.',
        ...source.documentation,
        ...(name === WEIGHT_DECAY
          ? ['It is that of the rule, and takes the place of that of the base class.']
          : []),
        `In ${showInterval(source.interval)}.`,
      ].join(' '),
    })),
    ...(program.usesTotalSteps || plan.inputs.has('T')
      ? [{ name: 'total_steps', text: 'An int. The number of steps of the whole run.' }]
      : []),
    ...(plan.draws ? [{ name: 'seed', text: 'An int. Where the random numbers start.' }] : []),
    ...(told.has('isHidden')
      ? [
          {
            name: 'hidden',
            text: 'A function of a `keras.Variable` that says whether it is that of a hidden layer: embeddings and the last layer are not. All of two dimensions or more are when it is not given.',
          },
        ]
      : []),
    { name: '**kwargs', text: 'Arguments of `keras.optimizers.Optimizer`.' },
  ]
  const all = joinBroken(program.documentation)
  const lines = all.filter((line) => !SOURCE.test(line))
  const sources = all.filter((line) => SOURCE.test(line))
  return docstring(
    {
      lines: [...withoutEnd(lines), ...(evaluation === undefined ? [] : EVALUATED)],
      formulas: ruleFormula(rule, (node) => isTensor(plan.types, node)),
      fence: '```',
      sections: [
        { title: 'Args', names: given },
        { title: 'Reference', names: [], items: sources.map((each) => each.replace(SOURCE, '')) },
      ],
    },
    1,
  )
}

function withoutEnd(lines: readonly string[]): readonly string[] {
  const kept = lines.filter((line, at) => line !== '' || lines[at - 1] !== '')
  return kept.at(-1) === '' ? kept.slice(0, -1) : kept
}

const EVALUATED = [
  '',
  'A model is evaluated with other weights than it trains at: inside `with optimizer.evaluation_weights():`, or with the callback `EvaluationWeights()`.',
]

import type { Program } from '../../ir/graph.ts'
import { showInterval } from '../../operators/interval.ts'
import { leavesOf, mapChoice, type Choice } from '../../plan/choice.ts'
import { joinTotals } from '../../plan/totals.ts'
import { ruleFormula } from '../formula.ts'
import { docstring, type DocumentedName } from '../python/docstring.ts'
import { restructured } from '../python/restructured.ts'
import { isTensor } from '../tensors.ts'
import type { Settings } from './transformation.ts'

/** What a transformation says of itself. */
export function documentation(settings: Settings): string {
  const { program, plan, options, told, names } = settings
  const rule: Choice<Program> = mapChoice(plan.parameter, (leaf) => joinTotals(leaf.program))
  const given: DocumentedName[] = [
    ...options.map(({ source, name }) => ({
      name,
      text: [...source.documentation, `In ${showInterval(source.interval)}.`].join(' '),
    })),
    ...(program.usesTotalSteps || plan.inputs.has('T')
      ? [{ name: 'total_steps', text: 'Number of steps of the whole run.' }]
      : []),
    ...(plan.draws ? [{ name: 'seed', text: 'Where the random numbers start.' }] : []),
    ...(told.has('isHidden')
      ? [
          {
            name: 'hidden',
            text: 'A tree of conditions, or a function of the parameters that gives one: which of two dimensions or more are those of hidden layers. All are when it is not given.',
          },
        ]
      : []),
  ]
  return docstring(
    {
      lines: [
        ...restructured(program.documentation),
        ...(names.evaluation === undefined
          ? []
          : ['', `A model is evaluated at \`\`${names.evaluation}(state, params)\`\`.`]),
      ],
      formulas: ruleFormula(rule, (node) => isTensor(plan.types, node)),
      sections: [{ title: 'Args', names: given }],
    },
    1,
  )
}

/** What the state of a transformation says of itself. */
export function stateDocumentation(settings: Settings): string {
  const { plan, states, runStates, kept, names } = settings
  const shapes = new Map<string, string>()
  for (const { program, states: own } of leavesOf(plan.parameter))
    for (const { index } of own)
      shapes.set(program.states[index]!.name, shapeText(plan.types.stateOf(index).extent))
  return docstring(
    {
      lines: [`What \`\`${names.transformation}\`\` keeps from one step to the next.`],
      sections: [
        {
          title: 'Attributes',
          names: [
            { name: 'count', text: 'Number of steps taken.' },
            ...[...runStates.values()].map((name) => ({ name, text: 'One number.' })),
            ...[...states].map(([source, name]) => ({ name, text: shapes.get(source)! })),
            ...[...kept.values()].map((name) => ({ name, text: 'Its value at the last step.' })),
          ],
        },
      ],
    },
    1,
  )
}

function shapeText(extent: string): string {
  switch (extent) {
    case 'element':
      return 'Shaped like the parameters.'
    case 'parameter':
      return 'One number for each parameter.'
    case 'per output':
    case 'per input':
      return `For each parameter one number ${extent}, along its dimensions.`
    default:
      return `For each parameter a ${extent}.`
  }
}

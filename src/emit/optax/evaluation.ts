import type { StepPlan } from '../../plan/plan.ts'
import { binary, name, number, type Code } from '../code.ts'
import { docstring } from '../python/docstring.ts'
import { isNamed, textOf, type Lines } from '../python/lines.ts'
import { valueLines } from './leaf.ts'
import { createNumbers, givenLines } from './numbers.ts'
import { choiceLines, leafFunction, maskOf } from './step.ts'
import type { Settings } from './transformation.ts'

/** The function that gives the weights to evaluate a model with. */
export function writeEvaluation(settings: Settings, plan: StepPlan): Lines {
  const { names, states, runStates, kept, program, around } = settings
  const called = (option: Settings['options'][number]): Code => name('state', kept.get(option)!)
  const numbers = createNumbers(
    settings,
    plan,
    called,
    (index) => name('state', runStates.get(index)!),
    true,
  )
  const run = plan.run.map((each) => numbers.write(each))
  const value = choiceLines(plan.parameter, settings, numbers, valueLines, 'w')
  const fields = [...states.values()]
  const leaf = leafFunction('evaluate_leaf', ['w', ...fields, 'of_hidden'], value, ['w'])
  const trees = leaf.given.map((each) =>
    each === 'w' ? 'params' : each === 'of_hidden' ? maskOf(settings, 'params') : `state.${each}`,
  )
  around.need('evaluated')
  const body: Lines = [
    ...run,
    ...leaf.lines,
    '',
    `return evaluated(evaluate_leaf, state.count, ${trees.join(', ')})`,
  ]
  const step = binary('-', name('state', 'count'), number(1))
  const text = textOf(body)
  const given = givenLines(text, settings, step, undefined)
  const others = [
    ...(isNamed('T', text)
      ? [program.usesTotalSteps ? 'total_steps: int' : 'total_steps: int | None = None']
      : []),
    ...(isNamed('hidden', text) ? ['hidden: Any = None'] : []),
  ]
  const all = [
    `state: ${names.state}`,
    'params: optax.Params',
    ...(others.length === 0 ? [] : ['*', ...others]),
    '',
  ]
  return [
    `def ${names.evaluation!}(${all.join(', ')}) -> optax.Params:`,
    [
      docstring(
        {
          lines: [`The weights to evaluate a model with that ${names.transformation} trains.`],
          sections: [
            {
              title: 'Args',
              names: [
                { name: 'state', text: 'What the transformation keeps.' },
                { name: 'params', text: 'The weights that are trained, after the last step.' },
              ],
            },
          ],
        },
        1,
      ),
      ...given,
      ...body,
    ],
  ]
}

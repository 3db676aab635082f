import { docstring } from '../python/docstring.ts'
import { parameterText, passedOn, type WrittenFunction } from '../python/function.ts'
import type { Lines } from '../python/lines.ts'
import { jaxNumberType } from './numbers.ts'

/** What makes a schedule of optax of a schedule or decay, under the name `maker`. */
export function scheduleLines(maker: string, called: string, written: WrittenFunction): Lines {
  const own = written.parameters.map((each) => parameterText(each, jaxNumberType))
  const parameters = ['init_value: float', 'total_steps: int', ...own]
  const passed = ['1.0 * count', 'total_steps', ...passedOn(written)].join(', ')
  return [
    `def ${maker}(${parameters.join(', ')}) -> optax.Schedule:`,
    [
      docstring(
        { lines: [`A schedule of the step count: \`\`init_value\`\` times \`\`${called}\`\`.`] },
        1,
      ),
      '',
      'def schedule(count):',
      [`return init_value * ${called}(${passed})`],
      '',
      'return schedule',
    ],
  ]
}

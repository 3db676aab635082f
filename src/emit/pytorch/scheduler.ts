import { docstring } from '../python/docstring.ts'
import { parameterText, passedOn, type WrittenFunction } from '../python/function.ts'
import type { Lines } from '../python/lines.ts'

/** What makes a `LambdaLR` of a schedule or decay, under the name `maker`. */
export function schedulerLines(maker: string, called: string, written: WrittenFunction): Lines {
  const own = written.parameters
  const parameters = [
    'optimizer: Optimizer',
    'total_steps: int',
    ...own.map((each) => parameterText(each)),
    'last_epoch: int = -1',
  ]
  const passed = ['t', 'total_steps', ...passedOn(written)].join(', ')
  return [
    `def ${maker}(${parameters.join(', ')}) -> LambdaLR:`,
    [
      docstring(
        { lines: [`A scheduler that sets \`\`lr\`\` to the first one times \`\`${called}\`\`.`] },
        1,
      ),
      '',
      'def factor(t: int) -> float:',
      [`return ${called}(${passed})`],
      '',
      'return LambdaLR(optimizer, factor, last_epoch)',
    ],
  ]
}

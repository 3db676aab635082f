import { terminalText } from '../../../reference/markdown/terminal.ts'
import { compileFiles } from '../compiled-files.ts'
import { exitCodes, failure } from '../failure.ts'
import type { Output } from '../output.ts'
import { createSources } from '../sources.ts'
import { renderTable } from '../table.ts'
import type { World } from '../world.ts'
import { compareSteps } from './against-framework.ts'
import { FRAMEWORKS, saidOfFramework, type Framework } from './said-of-framework.ts'

/** `optc explain std/NAME --against FRAMEWORK`: what the library says of the framework's own optimizer, and both on the same gradients. */
export function explainAgainst(
  written: string | undefined,
  framework: Framework,
  python: string,
  { cwd }: World,
  output: Output,
): number {
  const { title } = FRAMEWORKS[framework]
  if (written === undefined)
    throw failure('usage', '--against is for a rule of the library, such as std/adam')
  const path = written.startsWith('std/') ? written : `std/${written}`
  const sources = createSources(cwd)
  if (sources.library(path) === undefined)
    throw failure('failed', `there is no ${path} in the library`, '`optc explain --list` lists it')
  const [program] = compileFiles([path], sources, output)?.[0]?.compiled.programs ?? []
  if (program === undefined) throw failure('failed', `${path} declares no optimizer`)
  const said = saidOfFramework(program.documentation, framework)
  output.print(`${output.paint.bold(`${path} beside ${title}`)}\n\n`)
  const text = said?.text ?? `The library says nothing of ${title}.`
  const style = { columns: Math.min(output.columns, 100), heading: output.paint.bold }
  output.print(`${terminalText(text, style)}\n`)
  if (said?.optimizer === undefined) return exitCodes.done
  const compared = compareSteps(program, framework, said.optimizer, python)
  if (typeof compared === 'string') {
    output.note(`no numbers: ${compared}`)
    return exitCodes.done
  }
  const given = Object.entries(compared.arguments)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ')
  output.print(`\n${title} ${compared.version}: ${said.optimizer.name}(${given})\n\n`)
  const head = ['step', program.name, title, 'largest difference, in parts of the way']
  const rows = compared.steps.map(({ own, theirs, distance }, step) => [
    String(step + 1),
    own.toPrecision(9),
    theirs.toPrecision(9),
    distance === 0 ? 'none' : distance.toExponential(1),
  ])
  output.print(renderTable(head, rows, output.paint, head))
  output.print('one weight of six, in 64 bits; the gradients are normal numbers\n')
  return exitCodes.done
}

import { ErrorCodes, ResponseError, type ExecuteCommandParams } from 'vscode-languageserver'
import { compile } from '../../compile.ts'
import { drawSvg } from '../../draw/figure-svg.ts'
import { simplify } from '../../ir/simplify.ts'
import { explainDifference } from '../../language/difference.ts'
import { curveOf, curvesFigure, missingArgument } from '../../language/plot/curves.ts'
import { refuse } from './answer.ts'
import { CURVES, DIFFERENCE } from './command-names.ts'
import type { Session } from './session.ts'

const ADAM = 'std/adam'
const TOTAL_STEPS = 200

/** What each command that a client may run gives. */
const COMMANDS: Readonly<
  Record<string, (session: Session, arguments_: readonly unknown[]) => unknown>
> = {
  [DIFFERENCE]: (session, [uri, name]) => {
    const { analysis } = session.opened(uri)
    const found = analysis.checked.lowered.optimizers.find(
      ({ optimizer }) => optimizer.name === name,
    )
    if (!analysis.checked.valid) return refuse('the program has errors')
    if (found === undefined) return refuse(`there is no optimizer ${String(name)}`)
    const source = session.files.read(ADAM)
    const adam = source && compile(source, session.loader).value?.programs[0]
    if (adam === undefined) return refuse(`the standard library lacks ${ADAM}`)
    return explainDifference(simplify(found.program), adam)
  },
  [CURVES]: (session, [uri]) => {
    const { analysis } = session.opened(uri)
    if (!analysis.checked.valid) return refuse('the program has errors')
    const curves = [...analysis.checked.lowered.schedules.values()]
      .map((schedule) => schedule.function)
      .filter((callee) => missingArgument(callee, {}) === undefined)
      .map((callee) => curveOf(callee, {}, TOTAL_STEPS))
    return curves.length === 0
      ? refuse('it declares no schedule or decay whose arguments all have values')
      : drawSvg(curvesFigure(curves))
  },
}

export const commandNames: readonly string[] = Object.keys(COMMANDS)

/** Runs a command of a client. Throws an error of the protocol where there is none of that name. */
export function runCommand(session: Session, params: ExecuteCommandParams): unknown {
  const { command, arguments: arguments_ } = params
  const run = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined
  if (run === undefined)
    throw new ResponseError(ErrorCodes.InvalidParams, `there is no command ${command}`)
  return run(session, Array.isArray(arguments_) ? arguments_ : [])
}

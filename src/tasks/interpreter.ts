/** The interpreter of Python that is used where a command is given none: the one that `OPTC_PYTHON` names, or `python3`. */
export function interpreter(env: NodeJS.ProcessEnv = process.env): string {
  return env['OPTC_PYTHON'] || 'python3'
}

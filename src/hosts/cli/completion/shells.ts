import type { CompletedCommand, CompletedOption, Place } from './words.ts'

/** A script that makes a shell complete command lines of optc. */
type Script = (commands: readonly CompletedCommand[]) => string

/** A word in single quotes, for any of the shells. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

const namesOf = (options: readonly CompletedOption[]): readonly string[] =>
  options.map(({ name }) => name)

function bash(commands: readonly CompletedCommand[]): string {
  const reply = ({ words, hasFiles }: Place, more: readonly string[] = []): string => {
    const all = [...words, ...more]
    const parts = [
      ...(all.length > 0 ? [`$(compgen -W ${quoted(all.join('\n'))} -- "$current")`] : []),
      ...(hasFiles ? ['$(compgen -f -- "$current")'] : []),
    ]
    return `COMPREPLY=(${parts.join(' ')})`
  }
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap((option) =>
      option.value === undefined
        ? []
        : [`    ${quoted(`${name} ${option.name}`)}) ${reply(option.value)}; return ;;`],
    ),
  )
  const operands = commands.map(
    ({ name, options, operand }) => `    ${name}) ${reply(operand, namesOf(options))} ;;`,
  )
  const names = commands.map(({ name }) => name)
  return `_optc() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  local IFS=$'\\n'
  if [ "$COMP_CWORD" -eq 1 ]; then
    ${reply({ words: [...names, '--help', '--version'], hasFiles: false })}
    return
  fi
  case "$command $previous" in
${values.join('\n')}
  esac
  case "$command" in
${operands.join('\n')}
  esac
}
complete -o filenames -F _optc optc
`
}

function zsh(commands: readonly CompletedCommand[]): string {
  const text = (summary: string): string => summary.replaceAll(/[\\[\]:]/g, '\\$&')
  const action = ({ words, hasFiles }: Place): string =>
    words.length === 0
      ? hasFiles
        ? '_files'
        : ' '
      : hasFiles
        ? `{_alternative "words:name:(${words.join(' ')})" "files:file:_files"}`
        : `(${words.join(' ')})`
  const one = ({ name, summary, value }: CompletedOption): string =>
    quoted(
      `${name}[${text(summary)}]${value === undefined ? '' : `:${text(value.placeholder)}:${action(value)}`}`,
    )
  const cases = commands.map(
    ({ name, options, operand }) =>
      `    ${name}) _arguments ${options.map(one).join(' ')} ${quoted(`*:operand:${action(operand)}`)} ;;`,
  )
  const described = commands.map(({ name, summary }) => quoted(`${name}:${summary}`))
  return `#compdef optc
_optc() {
  local -a commands
  commands=(${described.join('\n    ')})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _optc ]; then _optc "$@"; else compdef _optc optc; fi
`
}

function fish(commands: readonly CompletedCommand[]): string {
  const line = (...parts: readonly string[]): string => ['complete -c optc', ...parts].join(' ')
  const seen = (name: string): string => `-n ${quoted(`__fish_seen_subcommand_from ${name}`)}`
  const words = ({ words: known }: Place): readonly string[] =>
    known.length === 0 ? [] : [`-a ${quoted(known.join(' '))}`]
  const lines = commands.flatMap(({ name, summary, options, operand }) => [
    line('-n __fish_use_subcommand', `-a ${name}`, `-d ${quoted(summary)}`),
    line(seen(name), ...(operand.hasFiles ? ['-F'] : []), ...words(operand)),
    ...options.map((option) =>
      line(
        seen(name),
        `-l ${option.name.slice(2)}`,
        ...(option.value === undefined
          ? []
          : [option.value.hasFiles ? '-r -F' : '-x', ...words(option.value)]),
        `-d ${quoted(option.summary)}`,
      ),
    ),
  ])
  return `complete -c optc -f\n${lines.join('\n')}\n`
}

/** Every shell there is a script for, and where it goes. */
export const SHELLS: Readonly<Record<string, { readonly script: Script; readonly use: string }>> = {
  bash: { script: bash, use: 'put `source <(optc completion bash)` into ~/.bashrc' },
  zsh: { script: zsh, use: 'put `source <(optc completion zsh)` into ~/.zshrc, behind compinit' },
  fish: {
    script: fish,
    use: '`optc completion fish > ~/.config/fish/completions/optc.fish` is all it needs',
  },
}

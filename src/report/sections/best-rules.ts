import type { Context } from '../context.ts'
import type { FormulaLine } from '../formula/rule-formula.ts'
import { details, escapeText, paragraph, tag, type Section } from '../html.ts'
import { highlightProgram, highlightPython, highlightTypeScript } from '../highlight.ts'
import { numberText, valueText } from '../../study/measure.ts'
import type { EmittedRule, ShownRule } from '../shown-rule.ts'

/** Each of the best rules as a formula, as an `.opt` program and as TypeScript or PyTorch. */
export function bestRulesSection(context: Context): Section | undefined {
  if (context.best.length === 0) return undefined
  return {
    id: 'rules',
    title: context.best.length === 1 ? 'The best rule' : 'The best rules',
    body: [
      tag(
        'p',
        {},
        'One step for one parameter tensor, gradient ',
        symbol('g'),
        ', weights ',
        symbol('w'),
        ', step ',
        symbol('t'),
        ' of ',
        tag('span', { class: 'name' }, symbol('T'), '.'),
        ' An arrow gives a name its new value; right of it the name still stands for the old one. What is carried from step to step starts at 0 unless a line says otherwise.',
      ),
      ...context.best.map((rule) => article(rule, context)),
    ].join('\n'),
  }
}

const symbol = (name: string): string => tag('math', {}, tag('mi', {}, name))

/** One rule in every form. */
export function article(
  rule: ShownRule,
  { score, colorOf }: Pick<Context, 'score' | 'colorOf'>,
): string {
  const { name, slot, flipped, formula, source, emitted } = rule
  const rate =
    rule.learningRate === undefined ? '' : `, the learning rate ${numberText(rule.learningRate)}`
  const turned = flipped ? '; the search turned the sign of its update' : ''
  return tag(
    'article',
    { class: 'rule', id: name },
    tag('h3', {}, tag('i', { class: `swatch c${colorOf(name)}` }, ''), escapeText(name)),
    paragraph(
      `Found as ${slot}, ${score.name} ${valueText(rule.score, score)}${rate}${turned}.`,
      'note',
    ),
    formula === undefined
      ? paragraph('This rule does not compile with this version of optc.', 'warning')
      : tag(
          'div',
          { class: 'formula' },
          equations(formula.lines),
          formula.symbols.length === 0
            ? ''
            : tag(
                'p',
                { class: 'legend' },
                formula.symbols
                  .map((each) => `${each.symbol} is ${tag('code', {}, escapeText(each.name))}`)
                  .join(', '),
              ),
        ),
    formula === undefined || formula.functions.length === 0
      ? ''
      : details(
          'Schedules and decays in it',
          tag(
            'div',
            { class: 'formula' },
            equations(formula.functions.flatMap(({ lines }) => lines)),
          ),
        ),
    highlightProgram(source),
    emitted === undefined ? '' : details(...shownModule(emitted)),
  )
}

function shownModule({ extension, text }: EmittedRule): readonly [string, string] {
  return extension === 'py'
    ? ['PyTorch', highlightPython(text)]
    : ['TypeScript', highlightTypeScript(text)]
}

function equations(lines: readonly FormulaLine[]): string {
  return tag(
    'div',
    { class: 'scroll' },
    tag(
      'table',
      { class: 'equations' },
      tag(
        'tbody',
        {},
        ...lines.map(({ kind, left, right }) =>
          tag('tr', { class: kind }, tag('td', {}, left), tag('td', {}, right)),
        ),
      ),
    ),
  )
}

import type { CatalogEntry } from '../diagnostic.ts'

const rightUpdate = 'update = lr * sign(g)\n'

/** What can be wrong with how a program is written. */
export const syntaxCatalog = {
  'unknown-character': {
    severity: 'error',
    title: 'a character that has no meaning in a program',
    explanation:
      'Programs are written with the characters of a keyboard: names with the letters `a` to `z`, digits and `_`, products with `*`, powers with `^`. Signs copied from a paper, such as `β`, `×` or `−`, are reported with what to type instead. Comments may hold any character.',
    wrong: 'update = lr × g\n',
    right: 'update = lr * g // η × g\n',
  },
  'foreign-operator': {
    severity: 'error',
    title: 'an operator of another language',
    explanation:
      'The operators are `+ - * / ^`, the comparisons `< <= > >= == !=`, and `and`, `or` and `not` between them. A power is `a^b`, a choice is `where(condition, a, b)`, a remainder is `mod(a, b)`, and there are no compound assignments: write `m = m + g`.',
    wrong: 'update = lr * g ** 3\n',
    right: 'update = lr * g^3\n',
  },
  'foreign-comment': {
    severity: 'error',
    title: 'a comment of another language',
    explanation:
      'A comment starts with `//` and ends with the line. `///` starts a documentation comment, which belongs to what stands below it and reaches the emitted code.',
    wrong: '# a step against the sign of the gradient\nupdate = lr * sign(g)\n',
    right: '// a step against the sign of the gradient\nupdate = lr * sign(g)\n',
  },
  'unexpected-semicolon': {
    severity: 'error',
    title: 'a semicolon',
    explanation:
      'A statement ends with its line. It goes on over several lines inside parentheses, after an operator, `=` or a comma, and when the next line starts with an operator.',
    wrong: 'update = lr * sign(g);\n',
    right: rightUpdate,
  },
  'unclosed-bracket': {
    severity: 'error',
    title: 'a bracket that is opened and not closed',
    explanation:
      'Every `(`, `[` and `{` needs its closing bracket. The compiler reads on as if it stood where the next statement or declaration starts, so one forgotten bracket does not hide other problems.',
    wrong: 'update = lr * sign(g\n',
    right: rightUpdate,
  },
  'unmatched-bracket': {
    severity: 'error',
    title: 'a closing bracket that closes nothing',
    explanation:
      'A closing bracket was found for which no bracket of its kind is open. Only an interval may open with one kind and close with another: `[0, 1)`.',
    wrong: 'update = lr * sign(g))\n',
    right: rightUpdate,
  },
  'missing-newline': {
    severity: 'error',
    title: 'two statements on one line',
    explanation: 'Every statement, declaration and entry starts on a line of its own.',
    wrong: 'let step = sign(g) update = lr * step\n',
    right: 'let step = sign(g)\nupdate = lr * step\n',
  },
  'missing-comma': {
    severity: 'error',
    title: 'two elements of a list without a comma between them',
    explanation:
      'The parameters of a declaration and the names of an import are separated by commas, also when each has a line of its own. A comma after the last one is welcome.',
    wrong: 'fn mix(\n  a\n  b\n) = (a + b) / 2\n\nupdate = lr * mix(g, sign(g))\n',
    right: 'fn mix(\n  a,\n  b,\n) = (a + b) / 2\n\nupdate = lr * mix(g, sign(g))\n',
  },
  'missing-expression': {
    severity: 'error',
    title: 'an expression is missing',
    explanation:
      'After an operator, after `=` and between parentheses an expression must follow: a number, a name, a call, or one of them with operators.',
    wrong: 'update = lr *\n',
    right: rightUpdate,
  },
  'missing-name': {
    severity: 'error',
    title: 'a name is missing',
    explanation:
      'After `let`, `state`, `optimizer`, `fn`, `schedule`, `decay` and `space` a name must follow. Names are made of letters, digits and `_`, and do not start with a digit.',
    wrong: 'let = sign(g)\nupdate = lr * g\n',
    right: 'let step = sign(g)\nupdate = lr * step\n',
  },
  'missing-equals': {
    severity: 'error',
    title: '`=` is missing',
    explanation:
      'A name is followed by `=` and the expression it gets. A value alone is not a statement: give it a name with `let`, or assign it to a state or to `update`.',
    wrong: 'update lr * sign(g)\n',
    right: rightUpdate,
  },
  'missing-parameters': {
    severity: 'error',
    title: 'a declaration without parentheses',
    explanation:
      'The name of an optimizer, function, schedule or decay is followed by its parameters in parentheses. They are empty when there are none: `optimizer Plain() { ... }`.',
    wrong: 'optimizer Plain {\n  update = 0.01 * g\n}\n',
    right: 'optimizer Plain() {\n  update = 0.01 * g\n}\n',
  },
  'missing-block': {
    severity: 'error',
    title: 'a body is missing',
    explanation:
      'An optimizer, a space and both sides of an `if` have a body in braces, also when it is one statement. A function, schedule or decay has either `= expression` or a body in braces that ends with `return`.',
    wrong: 'if rank(w) >= 2 update = lr * sign(g)\n',
    right:
      'state m = 0\nm = 0.9 * m + 0.1 * g\nif rank(w) >= 2 {\n  update = lr * sign(m)\n} else {\n  update = lr * m\n}\n',
  },
  'reserved-word': {
    severity: 'error',
    title: 'a word of the language used as a name',
    explanation:
      'The words `let state return if else in fn import and or not` have a fixed meaning and cannot be names. The words `optimizer schedule decay space from as` can, since they have a meaning only where their construct stands.',
    wrong: 'let state = sign(g)\nupdate = lr * state\n',
    right: 'let step = sign(g)\nupdate = lr * step\n',
  },
  'unknown-word': {
    severity: 'error',
    title: 'a statement starts with a word that is not one of the language',
    explanation:
      'A statement starts with `let`, `state`, `if` or `return`, or it assigns: `name = expression`. A declaration starts with `optimizer`, `schedule`, `decay`, `fn`, `space` or `import`. There are no loops: a rule applies to every element and is called at every step.',
    wrong: 'lett step = sign(g)\nupdate = lr * step\n',
    right: 'let step = sign(g)\nupdate = lr * step\n',
  },
  'unexpected-token': {
    severity: 'error',
    title: 'something that does not belong where it stands',
    explanation:
      'A statement or an element of a list was complete, and something followed it. Often an operator or a comma is missing before it: products are always written with `*`.',
    wrong: 'update = lr sign(g)\n',
    right: rightUpdate,
  },
  'unexpected-text': {
    severity: 'error',
    title: 'a text in quotes where none can stand',
    explanation:
      'Texts are no values. They stand only in imports, where they name a file: `import { heavy_ball } from "./momentum.opt"`.',
    wrong: 'update = "sign(g)"\n',
    right: rightUpdate,
  },
  'unclosed-text': {
    severity: 'error',
    title: 'a text without its closing quote',
    explanation: 'A text starts and ends with the same quote, on one line.',
    wrong: 'import { soft } from "./soft.opt\nupdate = lr * g\n',
    right: 'import { soft } from "./soft.opt"\n\nupdate = lr * soft(g)\n',
    files: { './soft.opt': 'fn soft(x) = x / (1 + abs(x))\n' },
  },
  'bad-import': {
    severity: 'error',
    title: 'an import that cannot be read',
    explanation:
      'An import names what it wants in braces, with `as` where it shall have another name here, and the file in quotes: `import { soft as squash } from "./soft.opt"`. Files of the standard library are written `"std/momentum"`.',
    wrong: 'import soft from "./soft.opt"\nupdate = lr * g\n',
    right: 'import { soft as squash } from "./soft.opt"\n\nupdate = lr * squash(g)\n',
    files: { './soft.opt': 'fn soft(x) = x / (1 + abs(x))\n' },
  },
  'bad-range': {
    severity: 'error',
    title: 'an interval that cannot be read',
    explanation:
      'The interval of a hyperparameter is written `[low, high]`, with a round bracket at an end that does not belong to it: `(0, 1]`. An end without a bound is `inf` or `-inf`.',
    wrong: 'optimizer Plain(rate in 0 = 0.01) {\n  update = rate * g\n}\n',
    right: 'optimizer Plain(rate in (0, inf) = 0.01) {\n  update = rate * g\n}\n',
  },
  'misplaced-return': {
    severity: 'error',
    title: '`return` outside a function',
    explanation:
      'Functions, schedules and decays end with `return expression`. An optimizer gives its step with `update = expression`.',
    wrong: 'optimizer Plain(rate = 0.01) {\n  return rate * g\n}\n',
    right: 'optimizer Plain(rate = 0.01) {\n  update = rate * g\n}\n',
  },
  'bad-number': {
    severity: 'error',
    title: 'a number that is not written as numbers are',
    explanation:
      'Numbers are decimal: `1`, `0.95`, `.5`, `1e-3`, `1_000`. A digit stands on each side of an underscore and after a decimal point, and digits follow the `e` of an exponent. A product of a number and a name needs its `*`: `2 * g`.',
    wrong: 'update = 2g\n',
    right: 'update = 2 * g\n',
  },
  'number-out-of-range': {
    severity: 'error',
    title: 'a number that 64 bits cannot hold',
    explanation:
      'Numbers are read as 64-bit floats, from about 4.9e-324 to 1.8e308. Infinity is the constant `inf`.',
    wrong: 'update = lr * min(1e999, g)\n',
    right: 'update = lr * min(1e30, g)\n',
  },
  'chained-comparison': {
    severity: 'error',
    title: 'a comparison of a comparison',
    explanation:
      'A comparison gives a condition and not a number, so `0 < g < 1` compares a condition with 1. Compare two values at a time, with `and` between the comparisons.',
    wrong: 'update = lr * where(0 < g < 1, g, 1)\n',
    right: 'update = lr * where(0 < g and g < 1, g, 1)\n',
  },
  'nesting-too-deep': {
    severity: 'error',
    title: 'brackets, blocks or operators that are nested too deeply',
    explanation:
      'Brackets and blocks may stand in each other 100 deep, and the tree of an expression may be 1000 operators and calls deep; a sum of 1001 terms is just that deep. Give parts of the expression a name with `let`.',
    wrong: `update = lr * ${'('.repeat(101)}g${')'.repeat(101)}\n`,
    right: 'let step = (g + sign(g)) / 2\nupdate = lr * step\n',
  },
  'file-too-large': {
    severity: 'error',
    title: 'a file that is too large',
    explanation:
      'A file is read when it has at most 262,144 characters. That is some hundred times the length of an optimizer: probably this is a file of another kind.',
    wrong: '// 456\n'.repeat(40_000),
    right: rightUpdate,
  },
  'too-many-errors': {
    severity: 'error',
    title: 'more problems than are shown',
    explanation:
      'A file shows its first 100 problems with the syntax. Where there are more, most follow from the first, or the file is of another kind.',
    wrong: 'update = lr *\n'.repeat(101),
    right: rightUpdate,
  },
} satisfies Record<string, CatalogEntry>

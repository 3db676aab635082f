import type { CatalogEntry } from '../diagnostic.ts'

/** What is written as in another language, and understood. */
export const habitCatalog = {
  'foreign-member': {
    severity: 'error',
    title: 'a member of a value, as other languages have it',
    explanation:
      'Values have no members and functions belong to no module: operators are called by their name alone, `sqrt(x)`, and a state or a hyperparameter is known by its name, without `self`. The gradient of a parameter is `g`.',
    wrong: 'update = lr * torch.sign(g)\n',
    right: 'update = lr * sign(g)\n',
  },
  'foreign-block': {
    severity: 'error',
    title: 'a block as Python, MATLAB or Julia write it',
    explanation:
      'A block stands in braces: `if rank(w) >= 2 { ... } else { ... }`, `fn name(x) { ... }`, `optimizer Name(lr = 0.1) { ... }`. How far lines are indented means nothing, and there is no `end`.',
    wrong: 'fn scaled(x):\n    return 0.1 * x\n\nupdate = lr * scaled(g)\n',
    right: 'fn scaled(x) {\n  return 0.1 * x\n}\n\nupdate = lr * scaled(g)\n',
  },
  'foreign-function': {
    severity: 'error',
    title: 'a function as other languages write it',
    explanation:
      'A function is declared with `fn`, outside of every block: `fn name(x) = expression`, or with a block that ends with `return`. There are no functions without a name, and none is passed as a value.',
    wrong: 'scaled = lambda x: 0.1 * x\nupdate = lr * scaled(g)\n',
    right: 'fn scaled(x) = 0.1 * x\n\nupdate = lr * scaled(g)\n',
  },
  'foreign-choice': {
    severity: 'error',
    title: 'a choice between two values as other languages write it',
    explanation:
      'A choice between two values is the operator `where(condition, a, b)`, for each element: `a` where the condition holds, `b` elsewhere. The statement `if` chooses between blocks, by the shape of the parameter alone.',
    wrong: 'update = lr * (g > 1 ? 1 : g)\n',
    right: 'update = lr * where(g > 1, 1, g)\n',
  },
  'foreign-call': {
    severity: 'error',
    title: 'a call that is not needed here',
    explanation:
      'A number stands for a tensor of it wherever a tensor is wanted, so a state that starts with zeros starts with `0`. A normal number for each element is `normal()`, whatever its shape. A rule prints nothing: `optc simulate` shows what it does to weights, step by step.',
    wrong: 'state m = zeros_like(w)\nm = ema(g)\nupdate = lr * m\n',
    right: 'state m = 0\nm = ema(g)\nupdate = lr * m\n',
  },
  'foreign-import': {
    severity: 'error',
    title: 'an import of another language',
    explanation:
      'Operators and the functions of the prelude are always there. Functions of other files are imported by their names, from a file of the standard library or a neighbour: `import { warmup_linear } from "std/schedules"`.',
    wrong: 'import torch\n\nupdate = lr * sign(g)\n',
    right: 'update = lr * sign(g)\n',
  },
  'foreign-index': {
    severity: 'error',
    title: 'an index of a value',
    explanation:
      "A rule is applied to every element, so there are no indices of elements. There are none of steps either: until a state is assigned its name holds the value of the step before, and from there on the new one. So a paper's `m_t = beta * m_{t-1} + g` is `m = beta * m + g`. What another value was one step ago is `previous(x)`.",
    wrong: 'state m = 0\nm = 0.9 * m[t-1] + 0.1 * g\nupdate = lr * m\n',
    right: 'state m = 0\nm = 0.9 * m + 0.1 * g\nupdate = lr * m\n',
  },
  'foreign-type': {
    severity: 'error',
    title: 'a type behind a name',
    explanation:
      'Types are not written: the compiler works out when each value is known and one for what, and editors show it. `optc explain types` says what there is. Which values a hyperparameter takes is said by an interval: `beta in [0, 1)`.',
    wrong: 'fn scaled(x: Tensor) = 0.1 * x\n\nupdate = lr * scaled(g)\n',
    right: 'fn scaled(x) = 0.1 * x\n\nupdate = lr * scaled(g)\n',
  },
  'foreign-notation': {
    severity: 'error',
    title: 'a command of LaTeX',
    explanation:
      'Programs are written with the characters of a keyboard. Greek letters have their names, `beta`; a mark above a letter is the end of its name, `m_hat`; products are written with `*`, fractions with `/`, roots with `sqrt(x)`.',
    wrong: 'update = lr \\cdot g\n',
    right: 'update = lr * g\n',
  },
  'division-in-comment': {
    severity: 'warning',
    title: 'a comment that looks like a division',
    explanation:
      '`//` starts a comment, so what stands behind it is not computed: `lr * g // 2` is `lr * g`. In Python it is a division that leaves out the rest.\n\nWrite `/` for a division and `floor(a / b)` for one without a rest; a comment with a word in it is not warned of.',
    wrong: 'update = lr * g // 2\n',
    right: 'update = lr * g / 2\n',
  },
} satisfies Record<string, CatalogEntry>

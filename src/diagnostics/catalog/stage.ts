import type { CatalogEntry } from '../diagnostic.ts'

/** What can be wrong with stages: when a value is known, and how many numbers it is. */
export const stageCatalog = {
  'gradient-in-schedule': {
    severity: 'error',
    title: 'a schedule or decay that uses the gradient or the parameter',
    explanation:
      'A schedule is one number per step, the same for all parameters. It depends on `t`, `T` and its arguments, never on `g` or `w`.\n\nUse a `fn`, or pass a number.',
    wrong:
      'schedule careful(t) = 1 / (1 + norm(g))\n\noptimizer Sgd(lr = 0.1) {\n  update = lr * g * careful(t)\n}\n',
    right:
      'fn careful(x) = x / (1 + norm(x))\n\noptimizer Sgd(lr = 0.1) {\n  update = lr * careful(g)\n}\n',
  },
  'unknown-axis': {
    severity: 'error',
    title: 'an axis that there is not',
    explanation:
      'A parameter of rank 2 and more is a matrix of `inputs` and `outputs`: outputs are neurons or filters, inputs everything that each of them reads. `sum`, `mean`, `norm`, `max_abs` and `dot` reduce one of the two where `over` names it: `over = inputs` gives one number for each output, `over = outputs` one for each input. Positions such as `axis = 0` do not exist, since frameworks differ in them.\n\nWrite `over = inputs` or `over = outputs`, or leave it out to reduce all elements.',
    wrong: 'update = lr * g / (norm(g, over = rows) + 1e-8)\n',
    right: 'update = lr * g / (norm(g, over = outputs) + 1e-8)\n',
  },
  'global-under-shape': {
    severity: 'error',
    title: 'a number over all parameters under a condition on shapes',
    explanation:
      'Numbers such as `global_norm(g)` are put together from all parameters, before any of them takes its step. Inside an `if` or `where` on shapes only some parameters come by, and it would be unclear whether the others count.\n\nGive the number a name with `let` above the condition, and use the name inside. Where only some parameters are to count, say so inside: `global_sum(where(rank(w) >= 2, g^2, 0))`.',
    wrong:
      'if rank(w) >= 2 {\n  update = lr * g / (1 + global_norm(g))\n} else {\n  update = lr * g\n}\n',
    right:
      'let length = global_norm(g)\nif rank(w) >= 2 {\n  update = lr * g / (length + 1e-8)\n} else {\n  update = lr * g\n}\n',
  },
  'stage-too-late': {
    severity: 'error',
    title: 'a value that is known too late for its place',
    explanation:
      'Some places want a number that is known early: the rate of a dropout is one number per step, an argument of a schedule too. A tensor, or a number computed from one, is known only inside the step.\n\nPass a number, a hyperparameter or a schedule.',
    wrong: 'update = lr * dropout(g, abs(g))\n',
    right: 'update = lr * dropout(g, 0.5)\n',
  },
  'not-constant': {
    severity: 'error',
    title: 'a default or a range that is not constant',
    explanation:
      'Defaults and the ends of ranges are known when the program is compiled. They are made of numbers, `pi`, `e`, `inf` and operators on them.\n\nWrite the number.',
    wrong: 'optimizer Sgd(lr = 1 / T) {\n  update = lr * g\n}\n',
    right: 'optimizer Sgd(lr = 1 / 100) {\n  update = lr * g\n}\n',
  },
  'condition-not-boolean': {
    severity: 'error',
    title: 'a number where a condition is wanted',
    explanation:
      'A condition is a comparison. Numbers are not true or false here: with NaN and -0 around, that would be guesswork.\n\nWrite the comparison: `x > 0`, `x != 0`.',
    wrong: 'update = lr * where(g, 1, -1)\n',
    right: 'update = lr * where(g > 0, 1, -1)\n',
  },
  'boolean-as-number': {
    severity: 'error',
    title: 'a comparison where a number is wanted',
    explanation:
      'The result of a comparison is a mask, usable only as a condition.\n\nTurn it into numbers with `where(condition, 1, 0)`.',
    wrong: 'update = lr * g * (g * w > 0)\n',
    right: 'update = lr * g * where(g * w > 0, 1, 0)\n',
  },
  'if-on-values': {
    severity: 'error',
    title: 'an `if` whose condition is not known before the gradient',
    explanation:
      'An `if` on facts about shapes, such as `rank(w) >= 2`, picks a rule for a parameter once. One on numbers of the run, such as `mod(t, 10) == 0`, picks what is done on a step: a state that is not assigned stays, and what is not taken is not computed. What a tensor or a number of one parameter decides is chosen element by element with `where(condition, a, b)`.\n\nUse `where`.',
    wrong: 'if norm(g) > 1 {\n  update = lr * g / norm(g)\n} else {\n  update = lr * g\n}\n',
    right: 'update = lr * g * where(norm(g) > 1, 1 / norm(g), 1)\n',
  },
} satisfies Record<string, CatalogEntry>

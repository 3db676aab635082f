import type { CatalogEntry } from '../diagnostic.ts'

/** What can be wrong with the weights that a model is to be evaluated with. */
export const evaluateCatalog = {
  'evaluate-twice': {
    severity: 'error',
    title: 'an `evaluate` that is given twice',
    explanation:
      'A model is evaluated with one set of weights; a second `evaluate` would silently replace the first. The two branches of an `if` count separately.\n\nKeep one of the two.',
    wrong:
      'state average = w\naverage = 0.9 * average + 0.1 * w\nupdate = lr * g\nevaluate = average\nevaluate = 0.5 * (w + average)\n',
    right:
      'state average = w\naverage = 0.9 * average + 0.1 * w\nupdate = lr * g\nevaluate = 0.5 * (w + average)\n',
  },
  'evaluate-misplaced': {
    severity: 'error',
    title: 'an `evaluate` inside a function',
    explanation:
      'Only an optimizer says which weights a model is evaluated with. A function gives a value to its caller.\n\nUse `return`, and write `evaluate = ...` with a call of the function in the optimizer: states that it keeps change with every step.',
    wrong:
      'fn averaged(x) {\n  state average = w\n  average = 0.9 * average + 0.1 * x\n  evaluate = average\n}\n\noptimizer Averaged(lr = 0.1) {\n  update = lr * g\n}\n',
    right:
      'fn averaged(x) {\n  state average = w\n  average = 0.9 * average + 0.1 * x\n  return average\n}\n\noptimizer Averaged(lr = 0.1) {\n  update = lr * g\n  evaluate = averaged(w)\n}\n',
  },
  'evaluate-read': {
    severity: 'error',
    title: 'a use of `evaluate` as a value',
    explanation:
      'The word `evaluate` is not a variable: it says which weights a model is evaluated with.\n\nName the value with `let` or keep it in a `state`, and use that name.',
    wrong:
      'state average = w\naverage = 0.9 * average + 0.1 * w\nevaluate = average\nupdate = lr * (g + 0.01 * (w - evaluate))\n',
    right:
      'state average = w\naverage = 0.9 * average + 0.1 * w\nevaluate = average\nupdate = lr * (g + 0.01 * (w - average))\n',
  },
  'evaluate-reads-step': {
    severity: 'error',
    title: 'an `evaluate` that rests on what is there within a step only',
    explanation:
      'The weights to evaluate with are worked out between two steps. There `w` is the parameter after the step, the name of a state is its value after the step, and `t` is the step that was taken last; the gradient is gone, and so is what `w` and the states were before. Numbers over all parameters (`global_norm(w)`) belong to steps, too: only they go through all parameters.\n\nKeep what is needed in a `state`. A `let` may be used if it is known from hyperparameters, the shape and `t`, or rests on new values of states alone.',
    wrong: 'let step = lr * g\nupdate = step\nevaluate = w - step\n',
    right:
      'let step = lr * g\nstate last_step = 0\nlast_step = step\nupdate = step\nevaluate = w - last_step\n',
  },
  'evaluate-ignores-weights': {
    severity: 'warning',
    title: 'an `evaluate` that does not depend on the weights',
    explanation:
      'The weights that a model is evaluated with follow from what was trained: from `w`, or from states that keep something of it or of the gradient. Here they are the same whatever was learned.\n\nUse `w` or such a state.',
    wrong: 'update = lr * g\nevaluate = 0.5\n',
    right: 'update = lr * g\nevaluate = 0.5 * w\n',
  },
  'evaluate-no-effect': {
    severity: 'warning',
    title: 'an `evaluate` that is `w`',
    explanation:
      'Without an `evaluate` a model is evaluated with the weights it is trained at, `w`.\n\nRemove the line, or say which other weights are meant.',
    wrong: 'update = lr * g\nevaluate = w\n',
    right: 'update = lr * g\n',
  },
} satisfies Record<string, CatalogEntry>

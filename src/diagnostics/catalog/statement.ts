import type { CatalogEntry } from '../diagnostic.ts'

/** What can be wrong with statements: updates, returns and states. */
export const statementCatalog = {
  'update-missing': {
    severity: 'error',
    title: 'an optimizer without an `update`',
    explanation:
      'One step of an optimizer subtracts its `update` from the parameter. Without one it does nothing.\n\nAdd `update = ...`.',
    wrong: 'optimizer Sgd(lr = 0.1) {\n  let step = lr * g\n}\n',
    right: 'optimizer Sgd(lr = 0.1) {\n  let step = lr * g\n  update = step\n}\n',
  },
  'update-twice': {
    severity: 'error',
    title: 'an `update` that is given twice',
    explanation:
      'A step has one update; a second one would silently replace the first. The two branches of an `if` count separately.\n\nPut the two together into one expression.',
    wrong: 'update = lr * g\nupdate = lr * 0.01 * w\n',
    right: 'update = lr * (g + 0.01 * w)\n',
  },
  'update-in-one-branch': {
    severity: 'error',
    title: 'an `update` in only one branch of an `if`',
    explanation:
      'Whatever the shape of a parameter, it needs an update. Here one branch gives one and the other does not.\n\nGive one in both branches, or none in the branches and one below.',
    wrong: 'if rank(w) >= 2 {\n  update = lr * sign(g)\n}\n',
    right: 'if rank(w) >= 2 {\n  update = lr * sign(g)\n} else {\n  update = lr * g\n}\n',
  },
  'update-misplaced': {
    severity: 'error',
    title: 'an `update` inside a function',
    explanation:
      'Only an optimizer updates parameters. A function gives a value to its caller.\n\nUse `return`.',
    wrong:
      'fn scaled(x) {\n  update = 0.1 * x\n}\n\noptimizer Sgd(lr = 0.1) {\n  update = lr * scaled(g)\n}\n',
    right:
      'fn scaled(x) {\n  return 0.1 * x\n}\n\noptimizer Sgd(lr = 0.1) {\n  update = lr * scaled(g)\n}\n',
  },
  'update-read': {
    severity: 'error',
    title: 'a use of `update` as a value',
    explanation:
      'The word `update` is not a variable: it says what the step subtracts.\n\nName the value with `let`, use that name, and give it to `update` at the end. For the update of the previous step use `previous(x)`.',
    wrong: 'state total = 0\nupdate = lr * g\ntotal = total + update\n',
    right: 'let step = lr * g\nupdate = step + 0.9 * previous(step)\n',
  },
  'return-missing': {
    severity: 'error',
    title: 'a function that returns nothing',
    explanation: 'A function has a value only through its `return`.\n\nEnd it with `return ...`.',
    wrong:
      'fn scaled(x) {\n  let y = 0.1 * x\n}\n\noptimizer Sgd(lr = 0.1) {\n  update = lr * scaled(g)\n}\n',
    right:
      'fn scaled(x) {\n  let y = 0.1 * x\n  return y\n}\n\noptimizer Sgd(lr = 0.1) {\n  update = lr * scaled(g)\n}\n',
  },
  'return-not-last': {
    severity: 'error',
    title: 'a `return` that is not the last statement',
    explanation:
      'A function has one `return`, at its end: what stands below it would never happen, and a `return` inside an `if` would leave the other branch without a value.\n\nMove it to the end. To choose between two values use `where(condition, a, b)`.',
    wrong:
      'fn scaled(x) {\n  return 0.1 * x\n  let y = 0.2 * x\n}\n\noptimizer Sgd(lr = 0.1) {\n  update = lr * scaled(g)\n}\n',
    right:
      'fn scaled(x) {\n  let y = 0.2 * x\n  return y\n}\n\noptimizer Sgd(lr = 0.1) {\n  update = lr * scaled(g)\n}\n',
  },
  'assign-unknown': {
    severity: 'error',
    title: 'an assignment to a name that is not declared',
    explanation:
      'An assignment changes a `state` that is declared above. A value that is computed anew on every step is declared with `let`.\n\nWrite `let` in front, or declare the state and its first value: `state m = 0`.',
    wrong: 'scaled = sign(g)\nupdate = lr * scaled\n',
    right: 'let scaled = sign(g)\nupdate = lr * scaled\n',
  },
  'assign-not-state': {
    severity: 'error',
    title: 'an assignment to something that cannot change',
    explanation:
      'Only a `state` can be assigned. A `let` names one value, a parameter is given from outside, and `g`, `w`, `t`, `T` and the constants are what they are.\n\nName the new value with another `let`, or turn the `let` into a `state` if it is kept from step to step.',
    wrong: 'let m = 0.1 * g\nm = m + 0.01 * w\nupdate = lr * m\n',
    right: 'let m = 0.1 * g\nlet decayed = m + 0.01 * w\nupdate = lr * decayed\n',
  },
  'state-assigned-twice': {
    severity: 'error',
    title: 'a state that is assigned twice in one step',
    explanation:
      'A state has one value before the step and one after it. Above its assignment the name means the first, below it the second; with two assignments a reader could not tell. The two branches of an `if` count separately.\n\nName the value in between with `let`.',
    wrong: 'state m = 0\nm = 0.9 * m\nm = m + g\nupdate = lr * m\n',
    right: 'state m = 0\nlet kept = 0.9 * m\nm = kept + g\nupdate = lr * m\n',
  },
  'state-misplaced': {
    severity: 'error',
    title: 'a state that is declared inside an `if` on the step',
    explanation:
      'A state lasts from the first step to the last. Inside an `if` on shapes it may be declared, and parameters that take the other branch do not have it. What an `if` on the step or on a hyperparameter decides may change from step to step.\n\nDeclare the state above the `if` and assign it inside.',
    wrong:
      'if mod(t, 10) == 0 {\n  state m = 0\n  m = 0.9 * m + g\n  update = lr * m\n} else {\n  update = lr * g\n}\n',
    right:
      'state m = 0\nif mod(t, 10) == 0 {\n  m = 0.9 * m + g\n  update = lr * m\n} else {\n  update = lr * g\n}\n',
  },
  'state-in-schedule': {
    severity: 'error',
    title: 'a schedule or decay that keeps a state',
    explanation:
      'The value of a schedule follows from the step alone, so that it can be plotted, and computed for any step without the ones before.\n\nWrite it in terms of `t` and `T`, or use a `fn`.',
    wrong:
      'schedule shrinking(t) {\n  state value = 1\n  value = 0.99 * value\n  return value\n}\n\noptimizer Sgd(lr = 0.1) {\n  update = lr * g * shrinking(t)\n}\n',
    right:
      'schedule shrinking(t) = 0.99^(t + 1)\n\noptimizer Sgd(lr = 0.1) {\n  update = lr * g * shrinking(t)\n}\n',
  },
  'state-initial-value': {
    severity: 'error',
    title: 'a state that starts with something other than a number or `w`',
    explanation:
      'A state gets its first value before the first step, when there is no gradient yet: a number that is known when the optimizer is built, or the parameter `w` itself.\n\nStart with a number, usually 0.',
    wrong: 'state m = g\nm = 0.9 * m + g\nupdate = lr * m\n',
    right: 'state m = 0\nm = 0.9 * m + g\nupdate = lr * m\n',
  },
  'state-never-assigned': {
    severity: 'warning',
    title: 'a state that never changes',
    explanation:
      'A state that no step assigns keeps its first value for the whole run, and memory for each element with it.\n\nAssign it, or make it a `let`.',
    wrong: 'state m = 0\nupdate = lr * (g + m)\n',
    right: 'state m = 0\nm = 0.9 * m + g\nupdate = lr * (g + m)\n',
  },
  'unused-state': {
    severity: 'warning',
    title: 'a state that the update does not depend on',
    explanation:
      'The state is kept for every element of every parameter and changed on every step, and nothing comes of it: its value does not reach the `update`, not even through other states.\n\nRemove it, or use it where it was meant to be used.',
    wrong: 'state m = 0\nm = 0.9 * m + g\nupdate = lr * g\n',
    right: 'state m = 0\nm = 0.9 * m + g\nupdate = lr * m\n',
  },
} satisfies Record<string, CatalogEntry>

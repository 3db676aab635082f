import type { CatalogEntry } from '../diagnostic.ts'

/** What a target cannot print; reported where a program is compiled to it. */
export const targetCatalog = {
  'not-on-target': {
    severity: 'error',
    title: 'a construct that the target does not have',
    explanation:
      'The program is right, and the framework it is compiled to has no counterpart of something in it: a rule for matrices in a framework without `eigh`, say. The diagnostic points at the first place that needs it, in a function of another file at the call, and names the targets that can. Today all targets print all programs; this is what a target with less says.\n\nCompile to one of the targets that are named, or write the rule without the construct. Below, a target that has arithmetic on elements alone.',
    wrong: 'let scale = norm(g, over = inputs)\n\nupdate = lr * g / (scale + 1e-8)\n',
    right: 'let scale = norm(g)\n\nupdate = lr * g / (scale + 1e-8)\n',
  },
} satisfies Record<string, CatalogEntry>

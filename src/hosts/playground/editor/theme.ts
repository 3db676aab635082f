import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const highlights = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: 'var(--keyword)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--numeral)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--string)' },
  {
    tag: [tags.comment, tags.docComment, tags.docString],
    color: 'var(--comment)',
    fontStyle: 'italic',
  },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.className],
    color: 'var(--call)',
  },
  { tag: [tags.operator, tags.punctuation, tags.bracket], color: 'var(--quiet)' },
])

const look = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--ground)', color: 'var(--ink)', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--accent)', padding: '6px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)' },
  '.cm-gutters': {
    backgroundColor: 'var(--ground)',
    color: 'var(--quiet)',
    border: '0',
    paddingRight: '4px',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--hover) 45%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'color-mix(in srgb, var(--accent) 28%, transparent)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--hover)',
    outline: '1px solid var(--line)',
  },
  '.cm-tooltip, .cm-panels': {
    border: '1px solid var(--line)',
    backgroundColor: 'var(--raised)',
    color: 'var(--ink)',
  },
  '.cm-tooltip': {
    borderRadius: '8px',
    boxShadow: '0 .4rem 1.4rem rgb(0 0 0 / .18)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-hover, .cm-lsp-hover-tooltip, .cm-lsp-documentation': {
    maxWidth: 'min(34rem, 90vw)',
    maxHeight: '18rem',
    overflow: 'auto',
    fontFamily: 'var(--sans)',
  },
  '.cm-lsp-hover-tooltip, .cm-completionInfo': { padding: '.3rem .7rem' },
  '.cm-tooltip p': { margin: '.35rem 0' },
  '.cm-tooltip a': { color: 'var(--accent)' },
  '.cm-tooltip code, .cm-tooltip pre': { fontFamily: 'var(--mono)', fontSize: '.92em' },
  '.cm-tooltip pre': { whiteSpace: 'pre-wrap', margin: '.3rem 0' },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.cm-completionDetail': { color: 'inherit', opacity: '.75', fontStyle: 'initial' },
  '.cm-panels button, .cm-tooltip button': {
    border: '1px solid var(--line)',
    borderRadius: '6px',
    background: 'var(--ground)',
    color: 'var(--ink)',
    backgroundImage: 'none',
    font: 'inherit',
    padding: '.1rem .5rem',
    margin: '.2rem',
    cursor: 'pointer',
  },
  '.cm-panels input, .cm-textfield': {
    border: '1px solid var(--line)',
    borderRadius: '6px',
    background: 'var(--ground)',
    color: 'var(--ink)',
  },
  '.cm-diagnostic': { fontFamily: 'var(--sans)', padding: '.35rem .7rem' },
  '.cm-diagnosticText': { whiteSpace: 'pre-line' },
  '.cm-lit': { animation: 'lit 2.5s ease-out', backgroundColor: 'var(--lit)' },
  '.cm-linked': { backgroundColor: 'var(--linked)', borderRadius: '3px' },
  '@keyframes lit': {
    from: { backgroundColor: 'color-mix(in srgb, var(--lit) 40%, var(--warning))' },
  },
})

/** How code looks: all colours are variables of the page, which go through the walls of shadow trees. */
export const editorLook: Extension = [look, syntaxHighlighting(highlights)]

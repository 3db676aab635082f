/** Explains how an optimizer of a document differs from Adam, as Markdown. Arguments: the document's URI, the optimizer's name. */
export const DIFFERENCE = 'optc.explainDifference'
/** Draws the schedules and decays of a document, those with values for all arguments, as SVG. Argument: the document's URI. */
export const CURVES = 'optc.curves'

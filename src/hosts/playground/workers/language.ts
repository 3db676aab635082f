import { standardLibrary } from '../../../library/standard-library.ts'
import { serveInWorker } from '../../lsp/browser.ts'
import { galleryEntries, type GalleryEntry, type GalleryQuestion } from '../answers/gallery.ts'
import { outlineOf, type Outline, type OutlineQuestion } from '../answers/outline.ts'
import { answerQuestions } from '../calls/answer-questions.ts'

declare const OPTC_VERSION: string

// The language server speaks on a port of its own, which comes with a message.
self.addEventListener('message', ({ ports: [port] }) => {
  if (port !== undefined) serveInWorker(port, standardLibrary, OPTC_VERSION)
})

answerQuestions<OutlineQuestion | GalleryQuestion, Outline | readonly GalleryEntry[]>(
  self,
  (question) => (question.kind === 'outline' ? outlineOf(question) : galleryEntries()),
)

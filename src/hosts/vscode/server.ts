import { serveOnStdio } from '../lsp/stdio.ts'

// The server that comes with the extension; `server/package.json` beside it has the name and version of this package.
serveOnStdio(process.cwd())

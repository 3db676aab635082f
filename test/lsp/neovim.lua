-- Opens a program in Neovim, asks the language server what an editor asks, and writes the answers as JSON. Works from 0.7 on.
local server, file, out = os.getenv('OPTC_SERVER'), os.getenv('OPTC_FILE'), os.getenv('OPTC_OUT')
vim.cmd('edit ' .. file)
local client = vim.lsp.start_client({
  name = 'optc',
  cmd = { 'node', server, 'lsp' },
  root_dir = vim.fn.fnamemodify(file, ':h'),
})
vim.lsp.buf_attach_client(0, client)
local answers = {}
local function diagnostics()
  return vim.tbl_map(function(each) return each.code end, vim.diagnostic.get(0))
end
vim.wait(10000, function() return #diagnostics() > 0 end, 20)
answers.diagnostics = diagnostics()
local function ask(method, more)
  local place = { textDocument = vim.lsp.util.make_text_document_params(), position = { line = 1, character = 9 } }
  local params = vim.tbl_extend('force', place, more or {})
  local all = vim.lsp.buf_request_sync(0, method, params, 10000) or {}
  return (all[client] or {}).result
end
local actions = ask('textDocument/codeAction', {
  range = { start = { line = 1, character = 15 }, ['end'] = { line = 1, character = 15 } },
  context = { diagnostics = {} },
})
vim.lsp.util.apply_workspace_edit(actions[1].edit, 'utf-16')
answers.fixed = vim.api.nvim_buf_get_lines(0, 0, -1, false)
vim.wait(10000, function() return #diagnostics() == 0 end, 20)
answers.left = #diagnostics()
answers.hover = ask('textDocument/hover').contents.value
local renamed = ask('textDocument/rename', { position = { line = 0, character = 5 }, newName = 'speed' })
vim.lsp.util.apply_workspace_edit(renamed, 'utf-16')
vim.lsp.util.apply_text_edits(ask('textDocument/formatting', { options = { tabSize = 2, insertSpaces = true } }), 0, 'utf-16')
answers.text = vim.api.nvim_buf_get_lines(0, 0, -1, false)
vim.fn.writefile({ vim.fn.json_encode(answers) }, out)
vim.cmd('qall!')

# Runs a command in a terminal of its own: `python3 terminal.py ROWS COLUMNS ACTS COMMAND...`; ACTS is a JSON list of
# [text, "resize", rows, columns] and [text, "interrupt"], done one after the other when `text` has been written since.
# Prints what the terminal got, a JSON list, and last the exit code.
import fcntl, json, os, pty, struct, sys, termios

rows, columns, acts, *command = sys.argv[1:]
acts = json.loads(acts)
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)


def resize(rows, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))


resize(int(rows), int(columns))
pieces = []
since = b''
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    pieces.append(data)
    since += data
    if acts and acts[0][0].encode() in since:
        _, act, *size = acts.pop(0)
        since = b''
        if act == 'resize':
            resize(*size)
        else:
            os.write(terminal, b'\x03')
_, status = os.waitpid(pid, 0)
print(json.dumps({'text': b''.join(pieces).decode(), 'exitCode': os.waitstatus_to_exitcode(status)}))

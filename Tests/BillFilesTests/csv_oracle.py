# A second opinion on CSV: Python's csv module. One file a line on stdin, in base64, with its
# delimiter before it; on stdout the rows, cells as hex of their UTF-8.

import base64
import csv
import io
import sys

for line in sys.stdin:
    delimiter, file = line.split(" ")
    text = base64.b64decode(file).decode("utf-8")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    cells = [",".join("x" + cell.encode().hex() for cell in row) for row in rows if row]
    print(" ".join(cells))

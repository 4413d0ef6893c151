# Reads CSV with Python's csv module, for comparison. Stdin: one file per line, in base64 after its
# delimiter; stdout: the rows of each file, cells as hex of their UTF-8.

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

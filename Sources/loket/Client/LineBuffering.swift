// A printed line is seen at once, also by whoever reads through a pipe. In a file of its own,
// because C's `stdout` is a variable that Swift will not share unless told that it may.

@preconcurrency import Glibc

func printLineByLine() {
    setvbuf(stdout, nil, _IOLBF, 0)
}

// The version of this program, as its status reports it.

package let loketVersion = "0.1.0"

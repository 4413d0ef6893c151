// The version of this program, as shown in its status report.

package let loketVersion = "0.1.0"

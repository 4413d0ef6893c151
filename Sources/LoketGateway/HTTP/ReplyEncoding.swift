// The encoding of a reply as HTTP/1.1, in one buffer and one write. Every value from a request has
// been verified as visible ASCII before, so no value can break a header line.

import LoketCore
import NIOCore

func encode(
    _ reply: Reply, closes: Bool, date: String, with allocator: ByteBufferAllocator
) -> ByteBuffer {
    var buffer = allocator.buffer(capacity: 512 + reply.body.count)
    buffer.writeStaticString("HTTP/1.1 ")
    buffer.writeStaticString(statusLine(reply.status))
    buffer.writeStaticString("\r\nDate: ")
    buffer.writeString(date)
    for (name, value) in reply.headers {
        buffer.writeStaticString("\r\n")
        buffer.writeStaticString(name)
        buffer.writeStaticString(": ")
        buffer.writeString(value)
    }
    if closes { buffer.writeStaticString("\r\nConnection: close") }
    buffer.writeStaticString("\r\nContent-Length: ")
    buffer.writeString(String(reply.body.count))
    buffer.writeStaticString("\r\n\r\n")
    buffer.writeBytes(reply.body)
    return buffer
}

private func statusLine(_ status: Int) -> StaticString {
    switch status {
    case 200: "200 OK"
    case 400: "400 Bad Request"
    case 401: "401 Unauthorized"
    case 404: "404 Not Found"
    case 405: "405 Method Not Allowed"
    case 408: "408 Request Timeout"
    case 413: "413 Content Too Large"
    case 431: "431 Request Header Fields Too Large"
    case 501: "501 Not Implemented"
    case 503: "503 Service Unavailable"
    default: preconditionFailure("Verdict gives no other status")
    }
}

/// The Date header, computed once a second; used only on one event loop.
final class HTTPDate {
    private var second: Int64 = -1
    private var text = ""

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    var line: String {
        let now = Moment.now.seconds
        if now != second {
            second = now
            text = Self.text(now)
        }
        return text
    }

    /// The format of RFC 9110 §5.6.7; 1 January 1970 was a Thursday.
    static func text(_ seconds: Int64) -> String {
        let clock = CivilTime(secondsSinceEpoch: seconds)
        let weekday = days[Int(seconds / 86_400 % 7)]
        let day = clock.dateText.suffix(2)
        let month = months[clock.month - 1]
        return "\(weekday), \(day) \(month) \(clock.year) \(clock.timeText) GMT"
    }
}

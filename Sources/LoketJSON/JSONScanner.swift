// The JSON parser: a recursive descent over the bytes with a depth limit. StrictJSON and
// TolerantJSON document the effect of faults; JSONScanner+Values reads strings, numbers, literals.

import LoketCore

struct JSONScanner {
    var nodes: [JSONNode] = []
    let bytes: [UInt8]
    let isTolerant: Bool
    private let depthMax: Int
    var position = 0

    init(_ bytes: [UInt8], depthMax: Int, isTolerant: Bool) {
        self.bytes = bytes
        self.depthMax = depthMax
        self.isTolerant = isTolerant
        nodes.reserveCapacity(bytes.count / 10 + 8)
    }

    mutating func readDocument() throws(JSONFault) {
        guard bytes.count <= JSONBounds.bytesMax else { throw fault(.tooLong) }
        if isTolerant, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        skipSpace()
        guard position < bytes.count else { throw fault(.empty) }
        try readValue(depth: 0)
        skipSpace()
        while isTolerant, skip(0) {}
        guard position == bytes.count else { throw fault(.trailingBytes) }
    }

    private mutating func readValue(depth: Int) throws(JSONFault) {
        switch try peek() {
        case UInt8(ascii: "{"): try readObject(depth: depth + 1)
        case UInt8(ascii: "["): try readArray(depth: depth + 1)
        case UInt8(ascii: "\""): try readString()
        default: try readBareword()
        }
    }

    // MARK: Containers

    private mutating func readObject(depth: Int) throws(JSONFault) {
        let object = try open(.object, depth: depth)
        var keys = JSONKeys()
        if !skip(UInt8(ascii: "}")) {
            repeat {
                skipSpace()
                guard try peek() == UInt8(ascii: "\"") else { throw fault(.unexpectedByte) }
                let keyStart = position
                let key = nodes.count
                try readString()
                guard isTolerant || keys.insert(key, after: object + 1, in: nodes, of: bytes)
                else {
                    throw JSONFault(cause: .duplicateKey, offset: keyStart)
                }
                skipSpace()
                guard try peek() == UInt8(ascii: ":") else { throw fault(.unexpectedByte) }
                position += 1
                skipSpace()
                try readValue(depth: depth)
                skipSpace()
            } while skip(UInt8(ascii: ","))
            guard try peek() == UInt8(ascii: "}") else { throw fault(.unexpectedByte) }
            position += 1
        }
        close(object)
    }

    private mutating func readArray(depth: Int) throws(JSONFault) {
        let array = try open(.array, depth: depth)
        if !skip(UInt8(ascii: "]")) {
            repeat {
                skipSpace()
                try readValue(depth: depth)
                skipSpace()
            } while skip(UInt8(ascii: ","))
            guard try peek() == UInt8(ascii: "]") else { throw fault(.unexpectedByte) }
            position += 1
        }
        close(array)
    }

    private mutating func open(_ kind: JSONNode.Kind, depth: Int) throws(JSONFault) -> Int {
        guard depth <= depthMax else { throw fault(.tooDeep) }
        nodes.append(JSONNode(kind: kind, start: Int32(position), end: 0, after: 0))
        position += 1
        skipSpace()
        return nodes.count - 1
    }

    private mutating func close(_ container: Int) {
        nodes[container].end = Int32(position)
        nodes[container].after = Int32(nodes.count)
    }

    // MARK: Basic operations

    mutating func append(
        _ kind: JSONNode.Kind, from start: Int, hasEscapes: Bool = false
    ) {
        nodes.append(
            JSONNode(
                kind: kind, hasEscapes: hasEscapes, start: Int32(start), end: Int32(position),
                after: Int32(nodes.count + 1)))
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    func peek() throws(JSONFault) -> UInt8 {
        guard position < bytes.count else { throw fault(.unexpectedEnd) }
        return bytes[position]
    }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    func fault(_ cause: JSONFault.Cause) -> JSONFault {
        JSONFault(cause: cause, offset: position)
    }
}

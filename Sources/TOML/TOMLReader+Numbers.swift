extension TOMLReader {
    /// At a digit or a sign: an integer or a float.
    mutating func readNumber() throws(TOMLError) -> TOMLValue.Kind {
        let start = index
        let isSigned = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
        if isSigned, let special = readSpecialFloat(isNegative: bytes[start] == UInt8(ascii: "-")) {
            try expectEndOfNumber()
            return .float(special)
        }
        if next == UInt8(ascii: "0"), let base = baseOfPrefix() {
            guard !isSigned else {
                throw error("a number in base \(base) takes no sign", at: start)
            }
            return .integer(try readInteger(inBase: base, from: start))
        }
        let firstDigit = index
        try readDigits("a digit", base: 10)
        if index > firstDigit + 1, bytes[firstDigit] == UInt8(ascii: "0") {
            throw error("a number may not start with 0", at: firstDigit)
        }
        var isFloat = false
        if take(UInt8(ascii: ".")) {
            isFloat = true
            try readDigits("a digit after '.'", base: 10)
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isFloat = true
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try readDigits("a digit of the exponent", base: 10)
        }
        try expectEndOfNumber()
        return isFloat ? .float(float(from: start)) : .integer(try decimal(from: start))
    }

    private mutating func readSpecialFloat(isNegative: Bool) -> Double? {
        let word = bytes[index..<min(index + 3, bytes.count)]
        guard word.elementsEqual("inf".utf8) || word.elementsEqual("nan".utf8) else { return nil }
        index += 3
        guard word.first == UInt8(ascii: "i") else { return .nan }
        return isNegative ? -.infinity : .infinity
    }

    private func baseOfPrefix() -> Int? {
        switch byte(after: 1) {
        case UInt8(ascii: "x"): 16
        case UInt8(ascii: "o"): 8
        case UInt8(ascii: "b"): 2
        default: nil
        }
    }

    /// Digits, and underscores between them.
    private mutating func readDigits(_ expectation: String, base: Int) throws(TOMLError) {
        var isAfterDigit = false
        while let byte = next {
            if let digit = byte.digitValue, digit < base {
                isAfterDigit = true
            } else if byte == UInt8(ascii: "_") {
                guard isAfterDigit, let digit = self.byte(after: 1)?.digitValue, digit < base else {
                    throw error("an underscore must stand between digits")
                }
                isAfterDigit = false
            } else {
                break
            }
            index += 1
        }
        guard isAfterDigit else { throw unexpected(expectation) }
    }

    private func expectEndOfNumber() throws(TOMLError) {
        switch next {
        case nil, .space, .tab, .lineFeed, .carriageReturn, UInt8(ascii: ","), UInt8(ascii: "]"),
            UInt8(ascii: "}"), UInt8(ascii: "#"):
            return
        default:
            throw unexpected("the end of the number")
        }
    }

    private mutating func readInteger(
        inBase base: Int, from start: Int
    ) throws(TOMLError) -> Int64 {
        index += 2
        let firstDigit = index
        try readDigits("a digit in base \(base)", base: base)
        try expectEndOfNumber()
        let digits = bytes[firstDigit..<index]
        guard let value = integer(digits, base: Int64(base), isNegative: false) else {
            throw outOfRange(start)
        }
        return value
    }

    private func decimal(from start: Int) throws(TOMLError) -> Int64 {
        let isNegative = bytes[start] == UInt8(ascii: "-")
        let digits = bytes[start..<index].drop { !$0.isDigit }
        guard let value = integer(digits, base: 10, isNegative: isNegative) else {
            throw outOfRange(start)
        }
        return value
    }

    private func outOfRange(_ start: Int) -> TOMLError {
        error("an integer must fit in 64 bits", at: start)
    }

    private func integer(_ digits: ArraySlice<UInt8>, base: Int64, isNegative: Bool) -> Int64? {
        var value: Int64 = 0
        for byte in digits {
            guard let digit = byte.digitValue else { continue }
            let (product, isTooBig) = value.multipliedReportingOverflow(by: base)
            let step = isNegative ? -Int64(digit) : Int64(digit)
            let (sum, isTooFar) = product.addingReportingOverflow(step)
            guard !isTooBig, !isTooFar else { return nil }
            value = sum
        }
        return value
    }

    /// A magnitude past the largest double becomes infinite, as IEEE 754 rounds it.
    private func float(from start: Int) -> Double {
        let digits = bytes[start..<index].filter { $0 != UInt8(ascii: "_") }
        guard let value = Double(String(decoding: digits, as: UTF8.self)) else {
            preconditionFailure("every number TOML allows is one Swift can read")
        }
        return value
    }
}

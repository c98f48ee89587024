extension TOMLReader {
    /// `1979-`: no number has a dash after four digits.
    var startsDate: Bool {
        let isYear = (0..<4).allSatisfy { byte(after: $0)?.isDigit == true }
        return isYear && byte(after: 4) == UInt8(ascii: "-")
    }

    /// `07:`
    var startsTime: Bool {
        byte(after: 2) == UInt8(ascii: ":") && byte(after: 1)?.isDigit == true
    }

    mutating func readDateTime() throws(TOMLError) -> TOMLDateTime {
        guard startsDate else {
            return TOMLDateTime(date: nil, time: try readTime(), offsetMinutes: nil)
        }
        let date = try readDate()
        let isTimeAhead = next == UInt8(ascii: "T") || next == UInt8(ascii: "t")
            || (next == .space && byte(after: 1)?.isDigit == true)
        guard isTimeAhead else {
            try expectEndOfDateTime()
            return TOMLDateTime(date: date, time: nil, offsetMinutes: nil)
        }
        index += 1
        let time = try readTime(mayHaveOffset: true)
        let offset = try readOffset()
        try expectEndOfDateTime()
        return TOMLDateTime(date: date, time: time, offsetMinutes: offset)
    }

    private mutating func readDate() throws(TOMLError) -> TOMLDateTime.Date {
        let year = try readField(digits: 4, "the year")
        try readSeparator("-", after: "the year")
        let monthStart = index
        let month = try readField(digits: 2, "the month")
        guard (1...12).contains(month) else { throw error("a month is 01 to 12", at: monthStart) }
        try readSeparator("-", after: "the month")
        let dayStart = index
        let day = try readField(digits: 2, "the day")
        let lastDay = daysInMonth(month, of: year)
        guard (1...lastDay).contains(day) else {
            throw error("a day of that month is 01 to \(lastDay)", at: dayStart)
        }
        return TOMLDateTime.Date(year: year, month: month, day: day)
    }

    private func daysInMonth(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private mutating func readTime(
        mayHaveOffset: Bool = false
    ) throws(TOMLError) -> TOMLDateTime.Time {
        let hour = try readField(upTo: 23, "the hour", "an hour is 00 to 23")
        try readSeparator(":", after: "the hour")
        let minute = try readField(upTo: 59, "the minute", "a minute is 00 to 59")
        try readSeparator(":", after: "the minute")
        let second = try readField(upTo: 60, "the second", "a second is 00 to 60")
        let nanosecond = take(UInt8(ascii: ".")) ? try readFraction() : 0
        if !mayHaveOffset { try expectEndOfDateTime() }
        return TOMLDateTime.Time(
            hour: hour, minute: minute, second: second, nanosecond: nanosecond)
    }

    private mutating func readFraction() throws(TOMLError) -> Int {
        guard next?.isDigit == true else { throw unexpected("a digit after '.'") }
        var nanosecond = 0
        var unit = 100_000_000
        while let byte = next, byte.isDigit {
            nanosecond += Int(byte - UInt8(ascii: "0")) * unit
            unit /= 10
            index += 1
        }
        return nanosecond
    }

    private mutating func readOffset() throws(TOMLError) -> Int? {
        if take(UInt8(ascii: "Z")) || take(UInt8(ascii: "z")) { return 0 }
        let isWest = next == UInt8(ascii: "-")
        guard isWest || next == UInt8(ascii: "+") else { return nil }
        index += 1
        let hours = try readField(upTo: 23, "the offset's hour", "an offset's hour is 00 to 23")
        try readSeparator(":", after: "the offset's hour")
        let minutes = try readField(
            upTo: 59, "the offset's minute", "an offset's minute is 00 to 59")
        let offset = hours * 60 + minutes
        return isWest ? -offset : offset
    }

    private mutating func readField(digits: Int, _ name: String) throws(TOMLError) -> Int {
        var value = 0
        for _ in 0..<digits {
            guard let byte = next, byte.isDigit else {
                throw unexpected("\(digits) digits for \(name)")
            }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            index += 1
        }
        return value
    }

    private mutating func readField(
        upTo last: Int, _ name: String, _ rule: String
    ) throws(TOMLError) -> Int {
        let start = index
        let value = try readField(digits: 2, name)
        guard value <= last else { throw error(rule, at: start) }
        return value
    }

    private mutating func readSeparator(
        _ separator: Unicode.Scalar, after name: String
    ) throws(TOMLError) {
        guard take(UInt8(ascii: separator)) else {
            throw unexpected("'\(separator)' after \(name)")
        }
    }

    private func expectEndOfDateTime() throws(TOMLError) {
        switch next {
        case nil, .space, .tab, .lineFeed, .carriageReturn, UInt8(ascii: ","), UInt8(ascii: "]"),
            UInt8(ascii: "}"), UInt8(ascii: "#"):
            return
        default:
            throw unexpected("the end of the date or time")
        }
    }
}

/// One of TOML's four kinds of date and time: a date, a time, both, or both with an offset.
/// Every field has been checked against the calendar.
public struct TOMLDateTime: Hashable, Sendable {
    public struct Date: Hashable, Sendable {
        public var year: Int
        public var month: Int
        public var day: Int
    }

    /// A second of 60 is a leap second, which RFC 3339 lets anyone write. Digits after the ninth
    /// of a fraction are dropped, as TOML demands.
    public struct Time: Hashable, Sendable {
        public var hour: Int
        public var minute: Int
        public var second: Int
        public var nanosecond: Int
    }

    public var date: Date?
    public var time: Time?
    /// Minutes east of UTC; nil for a local date or time.
    public var offsetMinutes: Int?
}

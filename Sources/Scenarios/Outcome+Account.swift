import Kernel

extension Outcome {
    /// What was done in a run and by whom, besides what was found: so that whoever reads a report
    /// need not run it again with a trace.
    public struct Account: Equatable, Sendable {
        /// In the order of the file.
        public var steps: [Step] = []
        /// What steps had the administrator do or ask, in order of time.
        public var orders: [Order] = []
        /// What struck processes and links, and what was mended, in order of time.
        public var faults: [Moment] = []
        /// Producers first.
        public var clients: [Client] = []
        /// Kafka's settings as far as the file gives them.
        public var settings: [Setting] = []

        public init() {}
    }

    public struct Step: Equatable, Sendable {
        public var text: String
        public var line: Int
        /// Nil: its time never came.
        public var firedAt: Instant?
    }

    public struct Order: Equatable, Sendable {
        public var at: Instant
        public var order: String
        public var line: Int?
        /// Nil: it was done.
        public var refusal: String?
        /// It changes nothing: somebody wanted to be told something.
        public var isQuestion: Bool
        /// What was told.
        public var answer: [String]
    }

    public struct Moment: Equatable, Sendable {
        public var at: Instant
        public var text: String
    }

    public struct Client: Equatable, Sendable {
        public var name: String
        public var isProducer: Bool
        public var tally: [(name: String, count: Int64)]
        /// Why it gave up records, and how many.
        public var givenUp: [(error: String, records: Int64)]

        public static func == (left: Client, right: Client) -> Bool {
            left.name == right.name && left.isProducer == right.isProducer
                && left.tally.elementsEqual(right.tally, by: ==)
                && left.givenUp.elementsEqual(right.givenUp, by: ==)
        }
    }

    public struct Setting: Equatable, Sendable {
        /// With the table that it stands in: `topic.orders.min.insync.replicas`.
        public var name: String
        public var value: String
        public var line: Int
    }
}

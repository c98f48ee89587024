import Testing

/// The log of one replica of one partition: UnifiedLog and the classes below it.
enum LogArea: VectorArea {
    static let name = "log"

    static func adapter(for file: VectorFile) -> (any VectorAdapter.Type)? {
        file.name.hasPrefix("log-") ? LogAdapter.self : nil
    }
}

@Suite struct ConformanceLog {
    @Test(arguments: LogArea.files)
    func `the log answers as Kafka's`(_ file: VectorFile) throws {
        try expectConformance(file, to: LogArea.self)
    }
}

import Foundation

/// The rows of all files replayed by this process, printed when it ends, after everything else.
final class ConformanceTable: @unchecked Sendable {
    static let shared = ConformanceTable()

    private let lock = NSLock()
    private var reports: [FileReport] = []
    private var skipped: [String] = []

    private init() {
        atexit { ConformanceTable.shared.print() }
    }

    func add(_ report: FileReport) {
        lock.withLock { reports.append(report) }
    }

    func skip(_ path: String) {
        lock.withLock { skipped.append(path) }
    }

    private func print() {
        lock.withLock {
            for path in skipped.sorted() { Swift.print("\(path): skipped, no adapter") }
            if !reports.isEmpty { Swift.print(ConformanceTable.text(reports)) }
            fflush(nil)
        }
    }

    static func text(_ reports: [FileReport]) -> String {
        let sorted = reports.sorted { $0.path < $1.path }
        var rows = [["file", "cases", "answers", "agreeing"]]
        for report in sorted {
            rows.append([
                report.path, "\(report.cases)", "\(report.answers)", "\(report.agreeing)",
            ])
        }
        rows.append([
            "total", "\(sorted.reduce(0) { $0 + $1.cases })",
            "\(sorted.reduce(0) { $0 + $1.answers })", "\(sorted.reduce(0) { $0 + $1.agreeing })",
        ])
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            (0..<4).map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + padding : padding + row[column]
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}

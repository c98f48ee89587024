import Testing

/// Every area that we can replay, one line each.
var conformanceAreas: [any VectorArea.Type] {
    [
        RaftArea.self, ControllerArea.self, ProducerArea.self, PureArea.self, LogArea.self,
        PartitionArea.self, ConsumerArea.self,
    ]
}

/// Replays a file, enters it into the table and records what differs.
func expectConformance(_ file: VectorFile, to area: any VectorArea.Type) throws {
    let found = area.adapter(for: file)
    let adapter = try #require(found)
    let report = try Replay.run(file, with: adapter)
    ConformanceTable.shared.add(report)
    if VectorFile.isForeign {
        if !report.disagreements.isEmpty { Issue.record("\(report.words())") }
        return
    }
    let (unknown, stale) = try KnownDisagreements.committed().judge(report)
    if !unknown.disagreements.isEmpty { Issue.record("\(unknown.words())") }
    for entry in stale {
        Issue.record("\(entry.path):\(entry.line) agrees with Kafka after all: \(entry.reason)")
    }
}

@Suite struct ConformanceOverview {
    @Test func `there is something to replay, and files that nothing answers are named`() {
        var replayed = 0
        for name in VectorFile.areas() {
            let area = conformanceAreas.first { $0.name == name }
            for file in VectorFile.all(of: name) {
                if area?.adapter(for: file) != nil {
                    replayed += 1
                } else {
                    ConformanceTable.shared.skip(file.path)
                }
            }
        }
        #expect(replayed > 0, "no vector file that we can replay under \(VectorFile.root.path)")
    }

    @Test(.enabled(if: !VectorFile.isForeign))
    func `known disagreements are at most one answer in a thousand, in committed files`() throws {
        let known = try KnownDisagreements.committed()
        let files = conformanceAreas.flatMap { $0.files }
        let answers = try files.reduce(0) { sum, file in
            try sum + file.cases().reduce(0) { $0 + $1.lines.count { $0.answer != nil } }
        }
        #expect(known.entries.count * 1_000 <= answers)
        for entry in known.entries {
            #expect(files.contains { $0.path == entry.path }, "no such file: \(entry.path)")
        }
    }
}
